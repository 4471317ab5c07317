/** Time comes from outside, so that a test or a demo world can move it. */
export interface Clock {
  /** UTC milliseconds. */
  now(): number;
  /** The machine's own instant at which `instant` of this clock will come: what an object's alarm needs. */
  alarmAt(instant: number): number;
}
