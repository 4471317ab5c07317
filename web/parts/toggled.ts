/** One more or one less. */
export const toggled = <T>(list: readonly T[], one: T, isIn: boolean): T[] =>
  isIn ? [...list.filter((each) => each !== one), one] : list.filter((each) => each !== one);
