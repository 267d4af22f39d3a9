mod later;
mod scenarios;
mod trial;
