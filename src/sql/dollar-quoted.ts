/** A body between dollar quotes whose tag does not occur in it. */
export function dollarQuoted(body: string): string {
  let tag = '$switchback$';
  for (let number = 1; body.includes(tag); number += 1) tag = `$switchback${number}$`;
  return `${tag}\n${body}\n${tag}`;
}
