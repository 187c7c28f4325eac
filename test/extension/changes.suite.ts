/** A trusted folder with the sample project: what the active session changed, in diffs, in source control and as tests. */
import './suites/changes.ts';
