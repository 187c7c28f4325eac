import process from 'node:process';

process.stderr.write('error: no command is known yet\n');
process.exitCode = 2;
