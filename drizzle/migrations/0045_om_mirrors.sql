CREATE TABLE "om_mirrors" (
	"ticket_id" bigint PRIMARY KEY NOT NULL,
	"om_id" text,
	"sent_version" bigint DEFAULT -1 NOT NULL,
	"sent_event" bigint DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"tried_version" bigint,
	"error" text,
	"om_status" text,
	"seen_at" timestamp with time zone,
	CONSTRAINT "om_mirrors_om_id" UNIQUE("om_id"),
	CONSTRAINT "om_mirrors_counts" CHECK ("om_mirrors"."sent_version" >= -1 AND "om_mirrors"."sent_event" >= 0 AND "om_mirrors"."attempts" >= 0),
	CONSTRAINT "om_mirrors_sent" CHECK ("om_mirrors"."sent_version" = -1 OR "om_mirrors"."om_id" IS NOT NULL)
);
--> statement-breakpoint
ALTER TABLE "om_mirrors" ADD CONSTRAINT "om_mirrors_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "om_mirrors_seen" ON "om_mirrors" USING btree ("seen_at") WHERE om_id IS NOT NULL;
--> statement-breakpoint
-- By hand: how far each ticket is in the O&M system follows what is sent there.
GRANT SELECT, INSERT, UPDATE (om_id, sent_version, sent_event, attempts, next_at, tried_version, error, om_status, seen_at) ON om_mirrors TO cc_app;
