/** A trusted folder with the sample project: wave runs, by their records, by STATE.md, and by a small program as agent. */
import './suites/autopilot.ts';
import './suites/waves.ts';
