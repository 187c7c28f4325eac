/** A trusted folder with the sample project: what editors of state files offer. */
import './suites/languageHelp.ts';
import './suites/languageProblems.ts';
