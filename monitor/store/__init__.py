"""The database: SQLAlchemy Core on SQLite and PostgreSQL alike. Facts are only ever added."""
