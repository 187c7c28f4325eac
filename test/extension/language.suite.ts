/** A trusted folder with the sample project: what editors of state files offer. */
import './suites/languageProblems.ts';
