CREATE INDEX "vendor_credits_open" ON "vendor_credits" USING btree ("vendor","state","queued_at") WHERE state IN ('queued', 'sent', 'taking_back', 'rejected', 'dead')
  OR (state = 'blocked' AND (because IN ('neither', 'writer_unknown', 'vendor_unset') OR (because = 'no_meter' AND attempts > 0)
    OR (because = 'legacy_writes_site' AND next_at IS NOT NULL AND external_id LIKE 'receipt:%')));