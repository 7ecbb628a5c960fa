import type { Forecast } from '../../safety/forecast';
import { TextPositions } from '../../sql/positions';
import type { Position } from '../../sql/statement';
import type { MeasuredStatement } from './measured-forecast';

/** Moves every place from a script to its file, in which the script begins at `offset`. */
export function statementsInFile(
  statements: readonly MeasuredStatement[],
  { offset, fileText }: { offset: number; fileText: string },
): MeasuredStatement[] {
  if (offset === 0) return [...statements];
  const positions = new TextPositions(fileText);
  const move = (place: Position): Position => positions.at(place.offset + offset);
  const moved = (forecast: Forecast): Forecast => ({
    ...forecast,
    start: move(forecast.start),
    end: move(forecast.end),
  });
  return statements.map((statement) => ({
    ...statement,
    predicted: moved(statement.predicted),
    measured: statement.measured && moved(statement.measured),
  }));
}
