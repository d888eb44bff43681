-- A store of schema version 1, as SQLite wrote it out (.dump). It never changes: every later version must open it.
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
INSERT INTO "batch" VALUES(1,'d7c987512a5f5afe2a071f05c37de786cb7108f4b95163fa2cd4855d6d0cf171','98bd6e3b6bee659c3e95ff0a79a3d8efe5d626b687e09b509c36cb8440227c76','juni.csv','petugas','2023-06-20 10:00:00.000000','{"sheet": null}','{"warnings": []}');
INSERT INTO "batch" VALUES(2,'a7b605673436125a4641e7d29c6e61d3e9d368ee80988c2c2b90fe33360f4aa5','0db19f5e1bb0382ab58c9902b902b6d299b5e0f098f9c2205e9c8d64b8d8443d','lama.csv','petugas','2023-06-21 10:00:00.000000','{}','{}');
INSERT INTO "batch" VALUES(3,'f92c4c3c66e9af8c84299245c2636b456811abf8e5248fbf65a9084fc560b259','987d3bc432f1d677d50fa676bb32e75285ebbbfb5dac39cc1fb82b7b494482d1','salah.csv','petugas','2023-06-22 10:00:00.000000','{}','{}');
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
INSERT INTO "batch_total" VALUES(1,'2023-06-20',2,1,92654,91792,862,1,1,1);
INSERT INTO "batch_total" VALUES(2,'2023-06-13',2,1,NULL,NULL,900,0,0,1);
INSERT INTO "batch_total" VALUES(3,'2023-06-20',2,1,NULL,NULL,1,0,0,1);
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
INSERT INTO "figure" VALUES('75.05','2023-06-13',NULL,NULL,900,NULL,'','reported','',2,'',2);
INSERT INTO "figure" VALUES('75.05','2023-06-20',92654,91792,862,'99.07','DKB 2023-1','reported','rapat',1,'',2);
INSERT INTO "figure" VALUES('75.05','2023-06-20',NULL,NULL,1,NULL,'','reported','',3,'',2);
CREATE TABLE migration (
	version INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	applied_at DATETIME NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "migration" VALUES(1,'originals, batches, figures, retractions','2023-06-20 09:00:00.000000');
CREATE TABLE original (
	sha256 VARCHAR(64) NOT NULL, 
	size BIGINT NOT NULL, 
	packed BLOB NOT NULL, 
	PRIMARY KEY (sha256)
);
INSERT INTO "original" VALUES('d7c987512a5f5afe2a071f05c37de786cb7108f4b95163fa2cd4855d6d0cf171',10,X'789C3337D53330B5B63033E202000B2201E5');
INSERT INTO "original" VALUES('a7b605673436125a4641e7d29c6e61d3e9d368ee80988c2c2b90fe33360f4aa5',10,X'789C3337D53330B5B63430E002000B1001DE');
INSERT INTO "original" VALUES('f92c4c3c66e9af8c84299245c2636b456811abf8e5248fbf65a9084fc560b259',8,X'789C3337D53330B536E4020007280176');
CREATE TABLE retraction (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	batch_id INTEGER NOT NULL, 
	kind VARCHAR(8) NOT NULL CONSTRAINT kind_is_known CHECK (kind IN ('retract', 'restore')), 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	FOREIGN KEY(batch_id) REFERENCES batch (id)
);
INSERT INTO "retraction" VALUES(1,3,'retract','2023-06-22 11:00:00.000000','petugas','salah berkas');
CREATE INDEX ix_figure_batch_id ON figure (batch_id);
CREATE INDEX ix_retraction_batch_id ON retraction (batch_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('batch',3);
INSERT INTO "sqlite_sequence" VALUES('retraction',1);
COMMIT;
