CREATE TABLE "webhook_deliveries" (
	"event_id" bigint NOT NULL,
	"endpoint_id" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"tried_at" timestamp with time zone,
	"status" integer,
	"error" text,
	CONSTRAINT "webhook_deliveries_key" PRIMARY KEY("event_id","endpoint_id"),
	CONSTRAINT "webhook_deliveries_state" CHECK ("webhook_deliveries"."state" IN ('waiting', 'told', 'given_up')),
	CONSTRAINT "webhook_deliveries_attempts" CHECK ("webhook_deliveries"."attempts" >= 0)
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"kinds" text[] NOT NULL,
	"sealed_secrets" text[] NOT NULL,
	"active" boolean NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "webhook_endpoints_id" CHECK ("webhook_endpoints"."id" ~ '^whe_[0-9a-z]{12,40}$'),
	CONSTRAINT "webhook_endpoints_url" CHECK ("webhook_endpoints"."url" ~ '^https?://' AND length("webhook_endpoints"."url") <= 500),
	CONSTRAINT "webhook_endpoints_kinds" CHECK (cardinality("webhook_endpoints"."kinds") >= 1 AND "webhook_endpoints"."kinds" <@ ARRAY['payments', 'readings', 'tickets']),
	CONSTRAINT "webhook_endpoints_secrets" CHECK (cardinality("webhook_endpoints"."sealed_secrets") BETWEEN 1 AND 2)
);
--> statement-breakpoint
CREATE TABLE "webhook_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "webhook_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"event_key" text NOT NULL,
	"kind" text NOT NULL,
	"type" text NOT NULL,
	"subject" text NOT NULL,
	"body" jsonb,
	"at" timestamp with time zone NOT NULL,
	"spread_at" timestamp with time zone,
	CONSTRAINT "webhook_events_key" UNIQUE("event_key"),
	CONSTRAINT "webhook_events_kind" CHECK ("webhook_events"."kind" IN ('payments', 'readings', 'tickets')),
	CONSTRAINT "webhook_events_spread" CHECK ("webhook_events"."spread_at" IS NULL OR "webhook_events"."body" IS NOT NULL)
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_event_id_webhook_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."webhook_events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("next_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_endpoint" ON "webhook_deliveries" USING btree ("endpoint_id","event_id");--> statement-breakpoint
CREATE INDEX "webhook_events_fresh" ON "webhook_events" USING btree ("id") WHERE spread_at IS NULL;
--> statement-breakpoint
-- By hand from here: rights. What an endpoint is never changes but for its secrets and whether it is told; an event's body is made once.
GRANT SELECT, INSERT, UPDATE (active, sealed_secrets) ON webhook_endpoints TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (body, spread_at) ON webhook_events TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (state, attempts, next_at, tried_at, status, error) ON webhook_deliveries TO cc_app;
--> statement-breakpoint
-- Noted in the transaction that makes it, and only while somebody wants to be told: once a generation of a receipt.
CREATE FUNCTION webhook_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.generation >= 1 AND EXISTS (SELECT FROM webhook_endpoints WHERE active AND 'payments' = ANY (kinds)) THEN
    INSERT INTO webhook_events (event_key, kind, type, subject, at)
    VALUES ('payment:' || NEW.receipt || '#' || NEW.generation, 'payments',
      CASE WHEN NEW.generation = 1 THEN 'payment.recorded' ELSE 'payment.moved' END, NEW.receipt, now())
    ON CONFLICT (event_key) DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER webhook_payment AFTER INSERT OR UPDATE OF generation ON payments
  FOR EACH ROW EXECUTE FUNCTION webhook_payment();
--> statement-breakpoint
CREATE FUNCTION webhook_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM webhook_endpoints WHERE active AND 'tickets' = ANY (kinds)) THEN
    INSERT INTO webhook_events (event_key, kind, type, subject, at)
    VALUES ('ticket:' || NEW.id, 'tickets', 'ticket.' || NEW.kind, NEW.id::text, now())
    ON CONFLICT (event_key) DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER webhook_ticket AFTER INSERT ON ticket_events FOR EACH ROW EXECUTE FUNCTION webhook_ticket();
