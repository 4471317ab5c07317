/** A clock that runs faster than the machine's, the same in the isolate and in the simulators. Web standards only. */

/** Both are one instant: machine time and fast time agree there. */
export type FastClock = { zeroAt: number; speed: number };

export const fastOf = ({ zeroAt, speed }: FastClock, machineAt: number) =>
  Math.floor(zeroAt + (machineAt - zeroAt) * speed);
/** Rounded up: what is due at a fast instant is never woken before it. */
export const machineOf = ({ zeroAt, speed }: FastClock, fastAt: number) =>
  Math.ceil(zeroAt + (fastAt - zeroAt) / speed);

const machineNow = Date.now.bind(Date);
export const machineClock = machineNow;
export const fastNow = (clock: FastClock) => fastOf(clock, machineNow());
