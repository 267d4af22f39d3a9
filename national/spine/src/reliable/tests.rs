mod hostile;
mod later;
mod scenarios;
mod trial;
