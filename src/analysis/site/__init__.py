"""The site: static pages made from findings, readable offline and under any address."""
