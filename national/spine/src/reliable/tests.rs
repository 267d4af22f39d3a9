mod scenarios;
mod trial;
