import type { ErrorCode } from '../messages/error';

/** 0 fine, 1 the answer is no, 2 wrong usage, 3 database unreachable. */
export type ExitCode = 0 | 1 | 2 | 3;

/** The exit code an error stands for. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  switch (code) {
    case 'usage':
    case 'invalid-name':
    case 'invalid-input':
      return 2;
    case 'unreachable':
    case 'authentication':
    case 'tls-refused':
    case 'server-too-old':
    case 'connection-lost':
      return 3;
    default:
      return 1;
  }
}
