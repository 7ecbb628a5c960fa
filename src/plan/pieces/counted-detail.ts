import { quoteLiteral } from '../../sql/identifier';

/** The select list of a check that holds where nothing is counted; its detail is the count behind what is counted. */
export function noneCounted(counted: string): string {
  return `count(*) = 0 AS holds, ${quoteLiteral(`${counted}: `)} || count(*) AS detail`;
}
