/** How far each clinic's meter was brought. */
export interface SteamaProgress {
  /** UTC ms; null: never. */
  watermark(meterNumber: string): Promise<number | null>;
  advance(meterNumber: string, readAt: number, at: number): Promise<void>;
  /** When all meters were sent on their way last; null: never. */
  lastRun(): Promise<number | null>;
  ran(at: number): Promise<void>;
}
