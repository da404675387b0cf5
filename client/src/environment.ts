/**
 * The editor's environment without the variables that steer Python.  `-I` ignores them as well, but a program that is
 * named in the settings, or one that Python starts, would not.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith("PYTHON")));
}
