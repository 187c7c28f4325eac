/** A client of its own process, to be killed: `callTool BUNDLE TOOL INPUT` calls one tool and prints the PID of its server first. */
import process from 'node:process';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const [bundle = '', name = '', input = '{}'] = process.argv.slice(2);
const env = Object.fromEntries(Object.entries(process.env).flatMap(([key, value]) => (value ? [[key, value]] : [])));
const transport = new StdioClientTransport({ command: process.execPath, args: [bundle, 'mcp'], env, stderr: 'ignore' });
const client = new Client({ name: 'short-lived', version: '1.0.0' });
await client.connect(transport);
process.stdout.write(`${transport.pid}\n`);
await client.callTool({ name, arguments: JSON.parse(input) });
await client.close();
