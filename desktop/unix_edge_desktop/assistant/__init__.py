"""The AI panel: drafts of reports beside the film that they are about, and pictures from words."""
