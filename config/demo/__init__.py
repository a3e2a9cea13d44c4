"""A demonstration that runs by itself: `python -m config.demo` fills a platform and walks the five rights on it."""
