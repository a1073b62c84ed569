DROP INDEX "usage_days_of_project";--> statement-breakpoint
ALTER TABLE "usage_days" ADD COLUMN "next_day" date DEFAULT 'infinity' NOT NULL;--> statement-breakpoint
CREATE INDEX "deliveries_source" ON "deliveries" USING btree ("source","id");--> statement-breakpoint
CREATE INDEX "deliveries_event" ON "deliveries" USING btree ("event","id");--> statement-breakpoint
CREATE INDEX "deliveries_received" ON "deliveries" USING btree ("received_at","id");--> statement-breakpoint
CREATE INDEX "triggers_key" ON "triggers" USING btree ("project_id","key");--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_name" ON "tokens" USING btree ("name") WHERE revoked_at is null;--> statement-breakpoint
CREATE INDEX "usage_days_of_thing" ON "usage_days" USING btree ("project_id","event_type","object_id","job_kind","job_id","day");