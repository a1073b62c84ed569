DROP INDEX "usage_days_of_project";--> statement-breakpoint
ALTER TABLE "usage_days" ADD COLUMN "next_day" date DEFAULT 'infinity' NOT NULL;--> statement-breakpoint
CREATE INDEX "usage_days_of_thing" ON "usage_days" USING btree ("project_id","event_type","object_id","job_kind","job_id","day");