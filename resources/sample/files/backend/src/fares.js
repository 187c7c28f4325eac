const perMinute = 12;
const concessions = { adult: 1, senior: 0.75, child: 0.5 };

/** The fare in cents, rounded up to the next ten. */
export function fareOf({ minutes }, concession = 'adult') {
  const factor = concessions[concession];
  if (factor === undefined) throw new Error(`There is no fare for "${concession}"`);
  return Math.ceil((minutes * perMinute * factor) / 10) * 10;
}
