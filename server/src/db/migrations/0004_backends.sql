CREATE TABLE "backends" (
	"name" text PRIMARY KEY NOT NULL,
	"state" text DEFAULT 'closed' NOT NULL,
	"since" timestamp with time zone,
	"reason" text,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_success_at" timestamp with time zone,
	"next_try_at" timestamp with time zone
);
