-- Who is still owed an answer, and which answers have grown old: neither may look at every job.
CREATE INDEX job_unanswered ON job (at) WHERE answer IS NULL;
CREATE INDEX job_answered ON job (at) WHERE answer IS NOT NULL;
