"""What leaves: pictures, prints, states, key images and anonymised copies, all marked."""
