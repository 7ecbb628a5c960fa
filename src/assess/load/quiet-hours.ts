/** When rows were written, and for how many this value stands; in the unit of all the others. */
export interface WriteTime {
  at: Date;
  weight: number;
}

/** The hours of the day in which the fewest rows were written. */
export interface QuietHours {
  /** Whole hours, 0 to 23, of the day as the times have it; `to` is the first one that is not among them. */
  from: number;
  to: number;
  /** Share of the writes in them, 0 to 1, and what it were if all hours had the same. */
  share: number;
  evenShare: number;
  /** Whether they are fewer than chance leaves in such hours; false: nobody can say that they are quiet. */
  standsOut: boolean;
  /** How many times were counted, and the first and the last of them, ISO 8601, UTC. */
  samples: number;
  first: string;
  last: string;
}

const hour = 3_600_000;
const day = 24 * hour;

/** As many hours one after the other are looked for. */
const windowHours = 4;

const evenShare = windowHours / 24;

/** What was written longer ago tells little of the hours of today. */
const countedDays = 60;

const minimumDays = 3;
const minimumSamples = 48;

/** A chance of less than this, over all windows of the day, is taken for a reason. */
const chance = 0.05;

/** The quietest hours; null where there are too few times of too few days, or where they cannot tell the hour. */
export function quietHours(times: readonly WriteTime[], now: Date): QuietHours | null {
  const counted = times
    .filter(({ at, weight }) => weight > 0 && isRecent(at, now))
    .sort((one, other) => one.at.getTime() - other.at.getTime());
  const samples = effectiveSamples(counted);
  if (samples < minimumSamples) return null;
  const [first, last] = [counted[0]!.at, counted.at(-1)!.at];
  if (last.getTime() - first.getTime() < minimumDays * day) return null;
  if (areDays(counted) || fallOnTheSameHours(counted)) return null;
  const shares = sharesByHour(counted);
  const from = quietest(shares);
  const share = shareOf(shares, from, windowHours);
  return {
    from,
    to: (from + windowHours) % 24,
    share,
    evenShare,
    standsOut: share <= evenShare / 2 && chanceOfAtMost(share * samples, samples) * 24 < chance,
    samples: counted.length,
    first: first.toISOString(),
    last: last.toISOString(),
  };
}

/** A clock without a zone may be up to a day ahead. */
function isRecent(at: Date, now: Date): boolean {
  const age = now.getTime() - at.getTime();
  return age <= countedDays * day && age >= -day;
}

/** The share of the writes in each hour of the day; together they are 1. */
export function sharesByHour(times: readonly WriteTime[]): number[] {
  const all = times.reduce((sum, { weight }) => sum + weight, 0);
  const shares = new Array<number>(24).fill(0);
  for (const { at, weight } of times) shares[at.getUTCHours()]! += weight / all;
  return shares;
}

/**
 * As how many values of one weight they count: one that stands for half of the rows says no more than one of a hundred.
 * https://en.wikipedia.org/wiki/Effective_sample_size#Weighted_samples
 */
function effectiveSamples(times: readonly WriteTime[]): number {
  const sum = times.reduce((total, { weight }) => total + weight, 0);
  const squares = times.reduce((total, { weight }) => total + weight * weight, 0);
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/** Whether they are days rather than times: all at one time of the day, or at two, as midnight in a zone with summer time. */
function areDays(times: readonly WriteTime[]): boolean {
  return new Set(times.map(({ at }) => ((at.getTime() % day) + day) % day)).size <= 2;
}

/**
 * Whether they fall on the same few hours of each day, busy or not, since they lie a day apart, or half of one, or two fifths.
 * Where their distance is off by enough they wander through the hours: so far that no window keeps less than half of its even
 * share where as much is written all day.
 */
function fallOnTheSameHours(times: readonly WriteTime[]): boolean {
  const span = times.at(-1)!.at.getTime() - times[0]!.at.getTime();
  const distance = span / (times.length - 1);
  for (let places = 1; 24 / places > windowHours; places += 1) {
    const apart = 24 / places;
    const days = Math.max(1, Math.round((places * distance) / day));
    const wandered = (times.length / places) * Math.abs(places * distance - days * day);
    if (wandered < ((apart * (apart - windowHours)) / (apart - windowHours / 2)) * hour) return true;
  }
  return false;
}

/** The first hour of the window with the fewest; of equal ones that whose hours around have the fewest, too. */
function quietest(shares: readonly number[]): number {
  const hours = shares.map((_, from) => from);
  return hours.reduce((best, from) => (compareWindows(shares, from, best) < 0 ? from : best));
}

function compareWindows(shares: readonly number[], one: number, other: number): number {
  for (let margin = 0; windowHours + 2 * margin < 24; margin += 1) {
    const share = (from: number): number => shareOf(shares, from - margin, windowHours + 2 * margin);
    const difference = share(one) - share(other);
    // Sums in another order differ in their last digits.
    if (Math.abs(difference) > 1e-9) return difference;
  }
  return 0;
}

function shareOf(shares: readonly number[], from: number, hours: number): number {
  let sum = 0;
  for (let index = 0; index < hours; index += 1) sum += shares[(from + index + 24) % 24]!;
  return sum;
}

/** The chance that of `samples` times spread evenly over the day no more than `found` fall into the window. */
function chanceOfAtMost(found: number, samples: number): number {
  const trials = Math.floor(samples);
  let term = (1 - evenShare) ** trials;
  let sum = term;
  for (let hits = 1; hits <= Math.round(found); hits += 1) {
    term *= ((trials - hits + 1) / hits) * (evenShare / (1 - evenShare));
    sum += term;
  }
  return sum;
}
