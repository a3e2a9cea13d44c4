"""Browser tests: people use the product's pages in a real Chromium, with its web server and worker beside them."""
