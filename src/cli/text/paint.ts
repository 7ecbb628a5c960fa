/** The few colours of the terminal that mean something here. */
export type Colour = 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';

export type Paint = (colour: Colour, text: string) => string;

const codes: Record<Colour, [number, number]> = {
  red: [31, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  dim: [2, 22],
  bold: [1, 22],
};

/** The sequences of `painter`, and no others. */

export const paintSequence = /\u001b\[(?:31|33|36|39|2|22|1)m/;

/** Paints with SGR sequences, or leaves text as it is. */
export function painter(colours: boolean): Paint {
  if (!colours) return (_colour, text) => text;
  return (colour, text) => `\u001b[${codes[colour][0]}m${text}\u001b[${codes[colour][1]}m`;
}

/** Whether the standard output is a terminal whose owner wants colours: https://no-color.org */
export function wantsColours(isTerminal: boolean, environment: NodeJS.ProcessEnv): boolean {
  return isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb';
}
