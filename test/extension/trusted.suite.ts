/** A trusted folder with the sample project: views first, then editors, then the verbs, which change the project for good. */
import './suites/views.ts';
import './suites/dirtyEditors.ts';
import './suites/verbs.ts';
