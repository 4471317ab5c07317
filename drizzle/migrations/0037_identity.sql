CREATE TABLE "identity_tokens" (
	"jti" text PRIMARY KEY NOT NULL,
	"session_id" bigint NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "home" text;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "home_subject" text;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "told_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "identity_tokens" ADD CONSTRAINT "identity_tokens_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "identity_tokens_expiry" ON "identity_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "identity_tokens_session" ON "identity_tokens" USING btree ("session_id");--> statement-breakpoint
ALTER TABLE "staff" ADD CONSTRAINT "staff_home_subject" UNIQUE("home","home_subject");--> statement-breakpoint
ALTER TABLE "staff" ADD CONSTRAINT "staff_home_whole" CHECK (num_nonnulls("staff"."home", "staff"."home_subject", "staff"."told_at") IN (0, 3));--> statement-breakpoint
ALTER TABLE "staff" ADD CONSTRAINT "staff_home_alone" CHECK ("staff"."home" IS NULL OR num_nonnulls("staff"."password_hash", "staff"."totp_secret", "staff"."totp_pending", "staff"."invitation_hash") = 0);
--> statement-breakpoint
-- By hand: the home's word about a person is taken here, and its tokens are remembered until they are over.
GRANT UPDATE (email, told_at) ON staff TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON identity_tokens TO cc_app;
