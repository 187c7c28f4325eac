/** The dashboard of a trusted folder with the sample project. */
import './suites/dashboard.ts';
