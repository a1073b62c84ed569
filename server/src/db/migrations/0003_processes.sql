CREATE TABLE "local_builds" (
	"build_id" text PRIMARY KEY NOT NULL,
	"process_id" text,
	"targets" jsonb NOT NULL,
	"has_ended" boolean DEFAULT false NOT NULL,
	"is_canceled" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "processes" (
	"id" text PRIMARY KEY NOT NULL,
	"role" text NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"version" text NOT NULL,
	"slots" integer NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"details" jsonb DEFAULT '{"builder":null,"sandbox":null}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "local_builds_of_process" ON "local_builds" USING btree ("process_id","has_ended");--> statement-breakpoint
CREATE INDEX "local_builds_updated" ON "local_builds" USING btree ("updated_at");