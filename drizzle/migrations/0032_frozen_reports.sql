CREATE TABLE "frozen_reports" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "frozen_reports_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"act_key" text NOT NULL,
	"report" text NOT NULL,
	"site_code" text,
	"period_from" date NOT NULL,
	"period_to" date NOT NULL,
	"as_of" timestamp with time zone NOT NULL,
	"definitions" text NOT NULL,
	"object_key" text NOT NULL,
	"sha256" text NOT NULL,
	"sameness_sha256" text NOT NULL,
	"bytes" integer NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "frozen_reports_act" UNIQUE("act_key"),
	CONSTRAINT "frozen_reports_same" UNIQUE("sameness_sha256"),
	CONSTRAINT "frozen_reports_hash" CHECK ("frozen_reports"."sha256" ~ '^[0-9a-f]{64}$' AND "frozen_reports"."sameness_sha256" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "frozen_reports_period" CHECK ("frozen_reports"."period_from" <= "frozen_reports"."period_to"),
	CONSTRAINT "frozen_reports_size" CHECK ("frozen_reports"."bytes" > 0)
);
--> statement-breakpoint
ALTER TABLE "frozen_reports" ADD CONSTRAINT "frozen_reports_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "frozen_reports_report" ON "frozen_reports" USING btree ("report","id");
--> statement-breakpoint
-- By hand: what was frozen stays as it was.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON frozen_reports FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON frozen_reports FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
GRANT SELECT, INSERT ON frozen_reports TO cc_app;
