import { render } from 'preact';
import '../shared/theme.css';
import './console.css';
import { ConsoleApp } from './console-app.js';

const page = document.getElementById('page');
if (page !== null) render(<ConsoleApp />, page);
