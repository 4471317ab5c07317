CREATE TABLE "sms_deliveries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sms_deliveries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"to_phone" text NOT NULL,
	"status" text NOT NULL,
	"details" jsonb NOT NULL,
	"sms_id" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "sms_deliveries_sms" ON "sms_deliveries" USING btree ("sms_id");--> statement-breakpoint
CREATE INDEX "sms_deliveries_at" ON "sms_deliveries" USING btree ("at");--> statement-breakpoint
CREATE INDEX "payments_claimed" ON "payments" USING btree ("claimed_at");--> statement-breakpoint
CREATE INDEX "relay_commands_requested" ON "relay_commands" USING btree ("requested_at");--> statement-breakpoint
CREATE INDEX "sms_outbound_created" ON "sms_outbound" USING btree ("created_at");--> statement-breakpoint
GRANT SELECT, INSERT ON sms_deliveries TO cc_app;
