import { render } from 'preact';
import '../shared/theme.css';
import './payment.css';
import './shop.css';
import './shopping.css';
import { ShopApp } from './shop-app.js';

const page = document.getElementById('page');
if (page !== null) render(<ShopApp />, page);
