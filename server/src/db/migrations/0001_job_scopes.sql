CREATE TABLE "idempotency_keys" (
	"actor" text NOT NULL,
	"key" text NOT NULL,
	"request" text NOT NULL,
	"status" integer,
	"answer" jsonb,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_actor_key_pk" PRIMARY KEY("actor","key")
);
--> statement-breakpoint
DROP INDEX "build_targets_target";--> statement-breakpoint
DROP INDEX "pipelines_state";--> statement-breakpoint
DROP INDEX "srpm_builds_of_event";--> statement-breakpoint
DROP INDEX "usage_days_of_project";--> statement-breakpoint
DROP INDEX "pipelines_runs";--> statement-breakpoint
DROP INDEX "pipelines_running";--> statement-breakpoint
DROP INDEX "project_events_commit";--> statement-breakpoint
DROP INDEX "projects_order";--> statement-breakpoint
ALTER TABLE "build_targets" ADD COLUMN "listed_id" bigint;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "event_id" bigint;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "package" text;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "trigger_id" bigint;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "project_id" bigint;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "trigger_key" text;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "identifier" text;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "submitted_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "pipelines" ADD COLUMN "trigger_id" bigint;--> statement-breakpoint
ALTER TABLE "pipelines" ADD COLUMN "project_id" bigint;--> statement-breakpoint
ALTER TABLE "pipelines" ADD COLUMN "trigger_key" text;--> statement-breakpoint
ALTER TABLE "pipelines" ADD COLUMN "is_run" boolean GENERATED ALWAYS AS (id = merged_run_id) STORED;--> statement-breakpoint
ALTER TABLE "srpm_builds" ADD COLUMN "trigger_id" bigint;--> statement-breakpoint
ALTER TABLE "srpm_builds" ADD COLUMN "project_id" bigint;--> statement-breakpoint
ALTER TABLE "srpm_builds" ADD COLUMN "trigger_key" text;--> statement-breakpoint
ALTER TABLE "bodhi_update_targets" ADD COLUMN "event_id" bigint;--> statement-breakpoint
ALTER TABLE "bodhi_update_targets" ADD COLUMN "package" text;--> statement-breakpoint
ALTER TABLE "bodhi_update_targets" ADD COLUMN "trigger_id" bigint;--> statement-breakpoint
ALTER TABLE "bodhi_update_targets" ADD COLUMN "project_id" bigint;--> statement-breakpoint
ALTER TABLE "bodhi_update_targets" ADD COLUMN "trigger_key" text;--> statement-breakpoint
ALTER TABLE "koji_build_targets" ADD COLUMN "event_id" bigint;--> statement-breakpoint
ALTER TABLE "koji_build_targets" ADD COLUMN "package" text;--> statement-breakpoint
ALTER TABLE "koji_build_targets" ADD COLUMN "trigger_id" bigint;--> statement-breakpoint
ALTER TABLE "koji_build_targets" ADD COLUMN "project_id" bigint;--> statement-breakpoint
ALTER TABLE "koji_build_targets" ADD COLUMN "trigger_key" text;--> statement-breakpoint
ALTER TABLE "log_detective_runs" ADD COLUMN "event_id" bigint;--> statement-breakpoint
ALTER TABLE "log_detective_runs" ADD COLUMN "package" text;--> statement-breakpoint
ALTER TABLE "log_detective_runs" ADD COLUMN "trigger_id" bigint;--> statement-breakpoint
ALTER TABLE "log_detective_runs" ADD COLUMN "project_id" bigint;--> statement-breakpoint
ALTER TABLE "log_detective_runs" ADD COLUMN "trigger_key" text;--> statement-breakpoint
ALTER TABLE "scans" ADD COLUMN "event_id" bigint;--> statement-breakpoint
ALTER TABLE "scans" ADD COLUMN "package" text;--> statement-breakpoint
ALTER TABLE "scans" ADD COLUMN "trigger_id" bigint;--> statement-breakpoint
ALTER TABLE "scans" ADD COLUMN "project_id" bigint;--> statement-breakpoint
ALTER TABLE "scans" ADD COLUMN "trigger_key" text;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD COLUMN "event_id" bigint;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD COLUMN "package" text;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD COLUMN "trigger_id" bigint;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD COLUMN "project_id" bigint;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD COLUMN "trigger_key" text;--> statement-breakpoint
ALTER TABLE "tag_request_targets" ADD COLUMN "event_id" bigint;--> statement-breakpoint
ALTER TABLE "tag_request_targets" ADD COLUMN "package" text;--> statement-breakpoint
ALTER TABLE "tag_request_targets" ADD COLUMN "trigger_id" bigint;--> statement-breakpoint
ALTER TABLE "tag_request_targets" ADD COLUMN "project_id" bigint;--> statement-breakpoint
ALTER TABLE "tag_request_targets" ADD COLUMN "trigger_key" text;--> statement-breakpoint
ALTER TABLE "test_targets" ADD COLUMN "event_id" bigint;--> statement-breakpoint
ALTER TABLE "test_targets" ADD COLUMN "package" text;--> statement-breakpoint
ALTER TABLE "test_targets" ADD COLUMN "trigger_id" bigint;--> statement-breakpoint
ALTER TABLE "test_targets" ADD COLUMN "project_id" bigint;--> statement-breakpoint
ALTER TABLE "test_targets" ADD COLUMN "trigger_key" text;--> statement-breakpoint
ALTER TABLE "triggers" ADD COLUMN "key" text GENERATED ALWAYS AS (case kind
      when 'pull_request' then 'pr:' || number::text
      when 'issue' then 'issue:' || number::text
      when 'branch_push' then 'branch:' || name
      when 'koji_build_tag' then 'branch:' || target
      when 'release' then 'release:' || name
      when 'anitya_version' then 'version:' || name end) STORED;--> statement-breakpoint
ALTER TABLE "usage_days" ADD COLUMN "next_day" date DEFAULT 'infinity' NOT NULL;--> statement-breakpoint
CREATE INDEX "idempotency_keys_at" ON "idempotency_keys" USING btree ("at");--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_event_id_project_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."project_events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bodhi_update_targets" ADD CONSTRAINT "bodhi_update_targets_event_id_project_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."project_events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "koji_build_targets" ADD CONSTRAINT "koji_build_targets_event_id_project_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."project_events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "log_detective_runs" ADD CONSTRAINT "log_detective_runs_event_id_project_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."project_events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scans" ADD CONSTRAINT "scans_event_id_project_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."project_events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD CONSTRAINT "sync_runs_event_id_project_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."project_events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tag_request_targets" ADD CONSTRAINT "tag_request_targets_event_id_project_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."project_events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "test_targets" ADD CONSTRAINT "test_targets_event_id_project_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."project_events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "build_targets_list_target" ON "build_targets" USING btree ("target","listed_id") WHERE listed_id is not null;--> statement-breakpoint
CREATE INDEX "build_targets_list_status" ON "build_targets" USING btree ("status","listed_id") WHERE listed_id is not null;--> statement-breakpoint
CREATE INDEX "builds_list_event" ON "builds" USING btree ("event_id","listed_id") WHERE "builds"."event_id" is not null;--> statement-breakpoint
CREATE INDEX "builds_list_trigger" ON "builds" USING btree ("trigger_id","listed_id") WHERE "builds"."trigger_id" is not null;--> statement-breakpoint
CREATE INDEX "builds_list_project" ON "builds" USING btree ("project_id","listed_id") WHERE "builds"."project_id" is not null;--> statement-breakpoint
CREATE INDEX "builds_list_key" ON "builds" USING btree ("trigger_key","listed_id") WHERE "builds"."trigger_key" is not null;--> statement-breakpoint
CREATE INDEX "builds_list_package" ON "builds" USING btree ("package","listed_id") WHERE "builds"."package" is not null;--> statement-breakpoint
CREATE INDEX "builds_list_identifier" ON "builds" USING btree ("identifier","listed_id") WHERE "builds"."identifier" is not null;--> statement-breakpoint
CREATE INDEX "builds_list_submitted" ON "builds" USING btree ("submitted_at","listed_id") WHERE "builds"."submitted_at" is not null;--> statement-breakpoint
CREATE INDEX "pipelines_list_event" ON "pipelines" USING btree ("event_id","id") WHERE is_run;--> statement-breakpoint
CREATE INDEX "pipelines_list_trigger" ON "pipelines" USING btree ("trigger_id","id") WHERE is_run;--> statement-breakpoint
CREATE INDEX "pipelines_list_project" ON "pipelines" USING btree ("project_id","id") WHERE is_run;--> statement-breakpoint
CREATE INDEX "pipelines_list_key" ON "pipelines" USING btree ("trigger_key","id") WHERE is_run;--> statement-breakpoint
CREATE INDEX "pipelines_list_package" ON "pipelines" USING btree ("package","id") WHERE is_run;--> statement-breakpoint
CREATE INDEX "pipelines_list_identifier" ON "pipelines" USING btree ("identifier","id") WHERE is_run;--> statement-breakpoint
CREATE INDEX "pipelines_list_state" ON "pipelines" USING btree ("state","id") WHERE is_run;--> statement-breakpoint
CREATE INDEX "pipelines_list_submitted" ON "pipelines" USING btree ("created_at","id") WHERE is_run;--> statement-breakpoint
CREATE INDEX "srpm_builds_list_event" ON "srpm_builds" USING btree ("event_id","id") WHERE "srpm_builds"."event_id" is not null;--> statement-breakpoint
CREATE INDEX "srpm_builds_list_trigger" ON "srpm_builds" USING btree ("trigger_id","id") WHERE "srpm_builds"."trigger_id" is not null;--> statement-breakpoint
CREATE INDEX "srpm_builds_list_project" ON "srpm_builds" USING btree ("project_id","id") WHERE "srpm_builds"."project_id" is not null;--> statement-breakpoint
CREATE INDEX "srpm_builds_list_key" ON "srpm_builds" USING btree ("trigger_key","id") WHERE "srpm_builds"."trigger_key" is not null;--> statement-breakpoint
CREATE INDEX "srpm_builds_list_package" ON "srpm_builds" USING btree ("package","id") WHERE "srpm_builds"."package" is not null;--> statement-breakpoint
CREATE INDEX "srpm_builds_list_status" ON "srpm_builds" USING btree ("status","id") WHERE "srpm_builds"."status" is not null;--> statement-breakpoint
CREATE INDEX "srpm_builds_list_submitted" ON "srpm_builds" USING btree ("submitted_at","id") WHERE "srpm_builds"."submitted_at" is not null;--> statement-breakpoint
CREATE INDEX "srpm_builds_search" ON "srpm_builds" USING gin ("nvr" gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "bodhi_update_targets_list_event" ON "bodhi_update_targets" USING btree ("event_id","id") WHERE "bodhi_update_targets"."event_id" is not null;--> statement-breakpoint
CREATE INDEX "bodhi_update_targets_list_trigger" ON "bodhi_update_targets" USING btree ("trigger_id","id") WHERE "bodhi_update_targets"."trigger_id" is not null;--> statement-breakpoint
CREATE INDEX "bodhi_update_targets_list_project" ON "bodhi_update_targets" USING btree ("project_id","id") WHERE "bodhi_update_targets"."project_id" is not null;--> statement-breakpoint
CREATE INDEX "bodhi_update_targets_list_key" ON "bodhi_update_targets" USING btree ("trigger_key","id") WHERE "bodhi_update_targets"."trigger_key" is not null;--> statement-breakpoint
CREATE INDEX "bodhi_update_targets_list_package" ON "bodhi_update_targets" USING btree ("package","id") WHERE "bodhi_update_targets"."package" is not null;--> statement-breakpoint
CREATE INDEX "bodhi_update_targets_list_status" ON "bodhi_update_targets" USING btree ("status","id") WHERE "bodhi_update_targets"."status" is not null;--> statement-breakpoint
CREATE INDEX "bodhi_update_targets_list_target" ON "bodhi_update_targets" USING btree ("target","id") WHERE "bodhi_update_targets"."target" is not null;--> statement-breakpoint
CREATE INDEX "bodhi_update_targets_list_submitted" ON "bodhi_update_targets" USING btree ("submitted_at","id") WHERE "bodhi_update_targets"."submitted_at" is not null;--> statement-breakpoint
CREATE INDEX "koji_build_targets_list_event" ON "koji_build_targets" USING btree ("event_id","id") WHERE "koji_build_targets"."event_id" is not null;--> statement-breakpoint
CREATE INDEX "koji_build_targets_list_trigger" ON "koji_build_targets" USING btree ("trigger_id","id") WHERE "koji_build_targets"."trigger_id" is not null;--> statement-breakpoint
CREATE INDEX "koji_build_targets_list_project" ON "koji_build_targets" USING btree ("project_id","id") WHERE "koji_build_targets"."project_id" is not null;--> statement-breakpoint
CREATE INDEX "koji_build_targets_list_key" ON "koji_build_targets" USING btree ("trigger_key","id") WHERE "koji_build_targets"."trigger_key" is not null;--> statement-breakpoint
CREATE INDEX "koji_build_targets_list_package" ON "koji_build_targets" USING btree ("package","id") WHERE "koji_build_targets"."package" is not null;--> statement-breakpoint
CREATE INDEX "koji_build_targets_list_status" ON "koji_build_targets" USING btree ("status","id") WHERE "koji_build_targets"."status" is not null;--> statement-breakpoint
CREATE INDEX "koji_build_targets_list_target" ON "koji_build_targets" USING btree ("target","id") WHERE "koji_build_targets"."target" is not null;--> statement-breakpoint
CREATE INDEX "koji_build_targets_list_submitted" ON "koji_build_targets" USING btree ("submitted_at","id") WHERE "koji_build_targets"."submitted_at" is not null;--> statement-breakpoint
CREATE INDEX "koji_build_targets_list_scratch" ON "koji_build_targets" USING btree ("scratch","id") WHERE scratch is not null;--> statement-breakpoint
CREATE INDEX "log_detective_runs_list_event" ON "log_detective_runs" USING btree ("event_id","id") WHERE "log_detective_runs"."event_id" is not null;--> statement-breakpoint
CREATE INDEX "log_detective_runs_list_trigger" ON "log_detective_runs" USING btree ("trigger_id","id") WHERE "log_detective_runs"."trigger_id" is not null;--> statement-breakpoint
CREATE INDEX "log_detective_runs_list_project" ON "log_detective_runs" USING btree ("project_id","id") WHERE "log_detective_runs"."project_id" is not null;--> statement-breakpoint
CREATE INDEX "log_detective_runs_list_key" ON "log_detective_runs" USING btree ("trigger_key","id") WHERE "log_detective_runs"."trigger_key" is not null;--> statement-breakpoint
CREATE INDEX "log_detective_runs_list_package" ON "log_detective_runs" USING btree ("package","id") WHERE "log_detective_runs"."package" is not null;--> statement-breakpoint
CREATE INDEX "log_detective_runs_list_status" ON "log_detective_runs" USING btree ("status","id") WHERE "log_detective_runs"."status" is not null;--> statement-breakpoint
CREATE INDEX "log_detective_runs_list_target" ON "log_detective_runs" USING btree ("target","id") WHERE "log_detective_runs"."target" is not null;--> statement-breakpoint
CREATE INDEX "log_detective_runs_list_identifier" ON "log_detective_runs" USING btree ("identifier","id") WHERE "log_detective_runs"."identifier" is not null;--> statement-breakpoint
CREATE INDEX "log_detective_runs_list_submitted" ON "log_detective_runs" USING btree ("submitted_at","id") WHERE "log_detective_runs"."submitted_at" is not null;--> statement-breakpoint
CREATE INDEX "scans_list_event" ON "scans" USING btree ("event_id","id") WHERE "scans"."event_id" is not null;--> statement-breakpoint
CREATE INDEX "scans_list_trigger" ON "scans" USING btree ("trigger_id","id") WHERE "scans"."trigger_id" is not null;--> statement-breakpoint
CREATE INDEX "scans_list_project" ON "scans" USING btree ("project_id","id") WHERE "scans"."project_id" is not null;--> statement-breakpoint
CREATE INDEX "scans_list_key" ON "scans" USING btree ("trigger_key","id") WHERE "scans"."trigger_key" is not null;--> statement-breakpoint
CREATE INDEX "scans_list_package" ON "scans" USING btree ("package","id") WHERE "scans"."package" is not null;--> statement-breakpoint
CREATE INDEX "scans_list_status" ON "scans" USING btree ("status","id") WHERE "scans"."status" is not null;--> statement-breakpoint
CREATE INDEX "scans_list_submitted" ON "scans" USING btree ("submitted_at","id") WHERE "scans"."submitted_at" is not null;--> statement-breakpoint
CREATE INDEX "sync_runs_list_event" ON "sync_runs" USING btree ("event_id","id") WHERE "sync_runs"."event_id" is not null;--> statement-breakpoint
CREATE INDEX "sync_runs_list_trigger" ON "sync_runs" USING btree ("trigger_id","id") WHERE "sync_runs"."trigger_id" is not null;--> statement-breakpoint
CREATE INDEX "sync_runs_list_project" ON "sync_runs" USING btree ("project_id","id") WHERE "sync_runs"."project_id" is not null;--> statement-breakpoint
CREATE INDEX "sync_runs_list_key" ON "sync_runs" USING btree ("trigger_key","id") WHERE "sync_runs"."trigger_key" is not null;--> statement-breakpoint
CREATE INDEX "sync_runs_list_package" ON "sync_runs" USING btree ("package","id") WHERE "sync_runs"."package" is not null;--> statement-breakpoint
CREATE INDEX "sync_runs_list_status" ON "sync_runs" USING btree ("status","id") WHERE "sync_runs"."status" is not null;--> statement-breakpoint
CREATE INDEX "sync_runs_list_submitted" ON "sync_runs" USING btree ("submitted_at","id") WHERE "sync_runs"."submitted_at" is not null;--> statement-breakpoint
CREATE INDEX "sync_runs_list" ON "sync_runs" USING btree ("job_type","id");--> statement-breakpoint
CREATE INDEX "tag_request_targets_list_event" ON "tag_request_targets" USING btree ("event_id","id") WHERE "tag_request_targets"."event_id" is not null;--> statement-breakpoint
CREATE INDEX "tag_request_targets_list_trigger" ON "tag_request_targets" USING btree ("trigger_id","id") WHERE "tag_request_targets"."trigger_id" is not null;--> statement-breakpoint
CREATE INDEX "tag_request_targets_list_project" ON "tag_request_targets" USING btree ("project_id","id") WHERE "tag_request_targets"."project_id" is not null;--> statement-breakpoint
CREATE INDEX "tag_request_targets_list_key" ON "tag_request_targets" USING btree ("trigger_key","id") WHERE "tag_request_targets"."trigger_key" is not null;--> statement-breakpoint
CREATE INDEX "tag_request_targets_list_package" ON "tag_request_targets" USING btree ("package","id") WHERE "tag_request_targets"."package" is not null;--> statement-breakpoint
CREATE INDEX "tag_request_targets_list_target" ON "tag_request_targets" USING btree ("target","id") WHERE "tag_request_targets"."target" is not null;--> statement-breakpoint
CREATE INDEX "tag_request_targets_list_submitted" ON "tag_request_targets" USING btree ("submitted_at","id") WHERE "tag_request_targets"."submitted_at" is not null;--> statement-breakpoint
CREATE INDEX "test_targets_list_event" ON "test_targets" USING btree ("event_id","id") WHERE "test_targets"."event_id" is not null;--> statement-breakpoint
CREATE INDEX "test_targets_list_trigger" ON "test_targets" USING btree ("trigger_id","id") WHERE "test_targets"."trigger_id" is not null;--> statement-breakpoint
CREATE INDEX "test_targets_list_project" ON "test_targets" USING btree ("project_id","id") WHERE "test_targets"."project_id" is not null;--> statement-breakpoint
CREATE INDEX "test_targets_list_key" ON "test_targets" USING btree ("trigger_key","id") WHERE "test_targets"."trigger_key" is not null;--> statement-breakpoint
CREATE INDEX "test_targets_list_package" ON "test_targets" USING btree ("package","id") WHERE "test_targets"."package" is not null;--> statement-breakpoint
CREATE INDEX "test_targets_list_status" ON "test_targets" USING btree ("status","id") WHERE "test_targets"."status" is not null;--> statement-breakpoint
CREATE INDEX "test_targets_list_target" ON "test_targets" USING btree ("target","id") WHERE "test_targets"."target" is not null;--> statement-breakpoint
CREATE INDEX "test_targets_list_identifier" ON "test_targets" USING btree ("identifier","id") WHERE "test_targets"."identifier" is not null;--> statement-breakpoint
CREATE INDEX "test_targets_list_submitted" ON "test_targets" USING btree ("submitted_at","id") WHERE "test_targets"."submitted_at" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_source" ON "deliveries" USING btree ("source","id");--> statement-breakpoint
CREATE INDEX "deliveries_event" ON "deliveries" USING btree ("event","id");--> statement-breakpoint
CREATE INDEX "deliveries_received" ON "deliveries" USING btree ("received_at","id");--> statement-breakpoint
CREATE INDEX "projects_of_forge" ON "projects" USING btree ("forge","namespace","id") WHERE same_as is null;--> statement-breakpoint
CREATE INDEX "triggers_key" ON "triggers" USING btree ("project_id","key");--> statement-breakpoint
CREATE INDEX "triggers_author_search" ON "triggers" USING gin ("author" gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "audit_log_actor" ON "audit_log" USING btree ("actor","id");--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "audit_log" USING btree ("subject","id");--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_name" ON "tokens" USING btree ("name") WHERE revoked_at is null;--> statement-breakpoint
CREATE INDEX "usage_days_of_thing" ON "usage_days" USING btree ("project_id","event_type","object_id","job_kind","job_id","day");--> statement-breakpoint
CREATE INDEX "pipelines_runs" ON "pipelines" USING btree ("id") WHERE is_run;--> statement-breakpoint
CREATE INDEX "pipelines_running" ON "pipelines" USING btree ("id") WHERE is_run and state in ('pending', 'running');--> statement-breakpoint
CREATE INDEX "project_events_commit" ON "project_events" USING btree ("commit_sha" text_pattern_ops,"id");--> statement-breakpoint
CREATE INDEX "projects_order" ON "projects" USING btree ("namespace","id") WHERE same_as is null;--> statement-breakpoint
UPDATE pipelines x SET trigger_id = coalesce(t.same_as, t.id), project_id = coalesce(p.same_as, p.id), trigger_key = t.key
FROM project_events e JOIN triggers t ON t.id = e.trigger_id LEFT JOIN projects p ON p.id = t.project_id
WHERE e.id = x.event_id;--> statement-breakpoint
UPDATE srpm_builds x SET trigger_id = f.trigger_id, project_id = f.project_id, trigger_key = f.trigger_key
FROM pipelines f WHERE f.id = (SELECT min(g.id) FROM pipelines g WHERE g.srpm_build_id = x.id);--> statement-breakpoint
UPDATE builds x SET event_id = f.event_id, trigger_id = f.trigger_id, project_id = f.project_id, trigger_key = f.trigger_key,
  package = nullif(f.package, ''), identifier = nullif(f.identifier, ''), submitted_at = f.created_at
FROM pipelines f WHERE f.id = (SELECT min(g.id) FROM pipelines g WHERE g.build_group_id = x.group_id);--> statement-breakpoint
UPDATE build_targets x SET listed_id = b.listed_id FROM builds b WHERE b.id = x.build_row_id;
