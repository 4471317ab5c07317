/** What one step of the sync of samples answers: a page of one meter. `next` null: that was the last. */
export type SyncStep =
  | { configured: false; next: null }
  | {
      configured: true;
      /** Null: there are no more meters. */
      meter: string | null;
      read: number;
      /** How many ended how: accepted, quarantined, unmapped, dropped, rejected. */
      counts: Record<string, number>;
      next: string | null;
    };
