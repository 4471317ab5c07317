ALTER TABLE "payment_allocations" DROP CONSTRAINT "payment_allocations_holder_kind";--> statement-breakpoint
ALTER TABLE "payments" DROP CONSTRAINT "payments_holder_kind";--> statement-breakpoint
ALTER TABLE "payment_allocations" ADD CONSTRAINT "payment_allocations_holder_kind" CHECK ("payment_allocations"."holder_kind" IN ('account', 'suspense', 'treasury', 'returned', 'legacy'));--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_holder_kind" CHECK ("payments"."holder_kind" IN ('account', 'suspense', 'treasury', 'returned', 'legacy', 'split'));