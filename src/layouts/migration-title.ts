/** A migration in a line of text: its version and name, or the version alone where the name is part of it. */
export function migrationTitle({ version, name }: { version: string; name: string }): string {
  const isPart = version.endsWith(name) || version.endsWith(name.replaceAll(' ', '_'));
  return name === '' || isPart || version.includes(`::${name}::`) ? version : `${version} ${name}`;
}
