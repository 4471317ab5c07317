CREATE TABLE "care_messages" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "care_messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"message_key" text NOT NULL,
	"way" text NOT NULL,
	"state" text NOT NULL,
	"sender" text NOT NULL,
	"phone" text,
	"customer_id" bigint,
	"account_id" bigint,
	"ticket_id" bigint,
	"text" text NOT NULL,
	"category" text,
	"at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"decided_by" text,
	"handed_at" timestamp with time zone,
	"told_at" timestamp with time zone,
	CONSTRAINT "care_messages_key" UNIQUE("message_key"),
	CONSTRAINT "care_messages_way" CHECK ("care_messages"."way" IN ('in', 'out')),
	CONSTRAINT "care_messages_state" CHECK (CASE "care_messages"."way" WHEN 'in' THEN "care_messages"."state" = 'received' ELSE "care_messages"."state" IN ('draft', 'queued', 'handed', 'told', 'dismissed') END),
	CONSTRAINT "care_messages_told" CHECK (("care_messages"."state" = 'told') = ("care_messages"."told_at" IS NOT NULL)),
	CONSTRAINT "care_messages_phone_shape" CHECK ("care_messages"."phone" ~ '^[0-9]{8,15}$'),
	CONSTRAINT "care_messages_text" CHECK (length("care_messages"."text") BETWEEN 1 AND 4000)
);
--> statement-breakpoint
ALTER TABLE "care_messages" ADD CONSTRAINT "care_messages_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "care_messages" ADD CONSTRAINT "care_messages_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "care_messages" ADD CONSTRAINT "care_messages_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "care_messages_sender" ON "care_messages" USING btree ("sender","at");--> statement-breakpoint
CREATE INDEX "care_messages_customer" ON "care_messages" USING btree ("customer_id","id") WHERE customer_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "care_messages_ticket" ON "care_messages" USING btree ("ticket_id") WHERE ticket_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "care_messages_waiting" ON "care_messages" USING btree ("state","id") WHERE state IN ('draft', 'queued', 'handed');
--> statement-breakpoint
-- By hand: what was written stays as it was; a draft may be worded anew, and how an answer stands changes.
GRANT SELECT, INSERT, UPDATE (state, text, decided_by, handed_at, told_at) ON care_messages TO cc_app;
