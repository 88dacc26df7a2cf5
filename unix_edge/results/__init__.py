"""What leaves: pictures, secondary captures and structured reports, each marked for what it is."""
