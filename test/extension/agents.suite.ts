/** A trusted folder with the sample project: isolated sessions, by a small program as agent. */
import './suites/agents.ts';
