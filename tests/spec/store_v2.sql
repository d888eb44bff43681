-- A store of schema version 2, as SQLite wrote it out (.dump). It never changes: every later version must open it.
BEGIN TRANSACTION;
CREATE TABLE batch (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	sha256 VARCHAR(64) NOT NULL, 
	figures_sha256 VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	uploader TEXT NOT NULL, 
	received_at DATETIME NOT NULL, 
	choices TEXT NOT NULL, 
	report TEXT NOT NULL, 
	CONSTRAINT one_batch_per_reading UNIQUE (sha256, figures_sha256), 
	FOREIGN KEY(sha256) REFERENCES original (sha256)
);
INSERT INTO "batch" VALUES(1,'d7c987512a5f5afe2a071f05c37de786cb7108f4b95163fa2cd4855d6d0cf171','21206f1ef75fb60866394f4eb9566d912561b1c572c8773bc61fe14eb7e266ac','juni.csv','petugas','2023-06-20 10:00:00.000000','{}','{}');
INSERT INTO "batch" VALUES(2,'f9f57441862c1145d7a2cb7948b5bf902e5cc97d0f74e336ce68b8817e7df50d','c11a964ad12be0d13a67ed2bf3bf3eafa453a4fe0d38c0f28ffa55bac2f86e4a','kecamatan.csv','petugas','2023-06-21 10:00:00.000000','{}','{}');
CREATE TABLE batch_total (
	batch_id INTEGER NOT NULL, 
	as_of_date DATE NOT NULL, 
	level SMALLINT NOT NULL, 
	areas INTEGER NOT NULL, 
	eligible BIGINT, 
	recorded BIGINT, 
	unrecorded BIGINT, 
	eligible_areas INTEGER NOT NULL, 
	recorded_areas INTEGER NOT NULL, 
	unrecorded_areas INTEGER NOT NULL, 
	PRIMARY KEY (batch_id, as_of_date, level), 
	FOREIGN KEY(batch_id) REFERENCES batch (id)
)
 WITHOUT ROWID

;
INSERT INTO "batch_total" VALUES(1,'2023-06-20',2,1,NULL,NULL,862,0,0,1);
INSERT INTO "batch_total" VALUES(2,'2023-06-20',3,1,NULL,NULL,900,0,0,1);
CREATE TABLE figure (
	area_code VARCHAR(13) NOT NULL, 
	as_of_date DATE NOT NULL, 
	eligible INTEGER, 
	recorded INTEGER, 
	unrecorded INTEGER, 
	coverage_reported TEXT, 
	basis TEXT NOT NULL, 
	status TEXT NOT NULL, 
	note TEXT NOT NULL, 
	batch_id INTEGER NOT NULL, 
	sheet TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	PRIMARY KEY (area_code, as_of_date, batch_id), 
	CONSTRAINT eligible_within_bounds CHECK (eligible BETWEEN 0 AND 400000000), 
	CONSTRAINT recorded_within_bounds CHECK (recorded BETWEEN 0 AND 400000000), 
	CONSTRAINT unrecorded_within_bounds CHECK (unrecorded BETWEEN 0 AND 400000000), 
	FOREIGN KEY(batch_id) REFERENCES batch (id)
)
 WITHOUT ROWID

;
INSERT INTO "figure" VALUES('75.05','2023-06-20',NULL,NULL,862,NULL,'','reported','',1,'',2);
INSERT INTO "figure" VALUES('75.05.01','2023-06-20',NULL,NULL,900,NULL,'','reported','',2,'',2);
CREATE TABLE migration (
	version INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	applied_at DATETIME NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "migration" VALUES(1,'originals, batches, figures, retractions','2024-07-01 02:00:00.000000');
INSERT INTO "migration" VALUES(2,'remembered aliases and layouts','2024-07-01 02:00:00.000000');
CREATE TABLE original (
	sha256 VARCHAR(64) NOT NULL, 
	size BIGINT NOT NULL, 
	packed BLOB NOT NULL, 
	PRIMARY KEY (sha256)
);
INSERT INTO "original" VALUES('d7c987512a5f5afe2a071f05c37de786cb7108f4b95163fa2cd4855d6d0cf171',10,X'789C3337D53330B5B63033E202000B2201E5');
INSERT INTO "original" VALUES('f9f57441862c1145d7a2cb7948b5bf902e5cc97d0f74e336ce68b8817e7df50d',13,X'789C3337D5330022436B4B03032E0011F6026D');
CREATE TABLE remembered_alias (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	scope VARCHAR(13) NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	area_code VARCHAR(13), 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL
);
INSERT INTO "remembered_alias" VALUES(1,'75.05','kec. x','Kec. X','75.05.03','2023-06-20 10:00:00.000000','petugas');
INSERT INTO "remembered_alias" VALUES(2,'75.05','kec. x','Kec. X',NULL,'2023-06-23 10:00:00.000000','kepala');
CREATE TABLE remembered_layout (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	fingerprint TEXT NOT NULL, 
	choices TEXT, 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL
);
INSERT INTO "remembered_layout" VALUES(1,'a1','{"level": "kecamatan"}','2023-06-20 10:00:00.000000','petugas');
CREATE TABLE retraction (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	batch_id INTEGER NOT NULL, 
	kind VARCHAR(8) NOT NULL CONSTRAINT kind_is_known CHECK (kind IN ('retract', 'restore')), 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	FOREIGN KEY(batch_id) REFERENCES batch (id)
);
INSERT INTO "retraction" VALUES(1,2,'retract','2023-06-22 10:00:00.000000','kepala','keliru');
CREATE INDEX remembered_alias_last ON remembered_alias (scope, "key", id);
CREATE INDEX ix_remembered_layout_fingerprint ON remembered_layout (fingerprint);
CREATE INDEX ix_figure_batch_id ON figure (batch_id);
CREATE INDEX ix_retraction_batch_id ON retraction (batch_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('remembered_alias',2);
INSERT INTO "sqlite_sequence" VALUES('remembered_layout',1);
INSERT INTO "sqlite_sequence" VALUES('batch',2);
INSERT INTO "sqlite_sequence" VALUES('retraction',1);
COMMIT;
