"""Files, folders and archives as patients, studies and series, without Qt; and their index."""
