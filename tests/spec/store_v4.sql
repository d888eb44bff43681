-- A store of schema version 4, as SQLite wrote it out (.dump). It never changes: every later version must open it.
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
INSERT INTO "batch" VALUES(1,'596eaeb8b68b4f86bdb83140e3430124f7b36b94114479ac00d3416b2d0db414','e644e65591f03b090e2796da8f53536501d6b4d1ae72e6c0c514aec64609958e','rekap.csv','petugas','2024-07-01 02:00:00.000000','{}','{"status": "accepted", "file": "rekap.csv", "sha256": "596eaeb8b68b4f86bdb83140e3430124f7b36b94114479ac00d3416b2d0db414", "size": 134, "sheet": "", "as_of_date": "2023-06-20", "as_of_dates": ["2023-06-20"], "rows_accepted": 2, "rows_refused": 0, "totals": {"eligible": 16129, "recorded": 16042, "unrecorded": 87}, "totals_by_date": [{"date": "2023-06-20", "areas": 2, "eligible": 16129, "recorded": 16042, "unrecorded": 87, "missing": {}}], "parts": [], "areas": 2, "silent": ["75.05.03", "75.05.04", "75.05.05", "75.05.06", "75.05.07", "75.05.08", "75.05.09", "75.05.10", "75.05.11"], "warnings": [], "reason": null, "faults": [], "changes": {"new": 2, "same": 0, "revised": 0}, "evidence": [], "questions": [], "checks": [], "choices": {}, "content_key": "e3cb3437d60e79a891ae9abec894558b", "layout": ""}');
INSERT INTO "batch" VALUES(2,'a24cab18c38c8d9e0e54b6fc732327cdb53464ed91ba8490269f7ce93b1f77e6','f3d55abdcb42806a17284d71ca45483c04699b2816591bdc275f70e73348c08d','juni.csv','petugas','2024-07-02 02:00:00.000000','{}','{"status": "accepted", "file": "juni.csv", "sha256": "a24cab18c38c8d9e0e54b6fc732327cdb53464ed91ba8490269f7ce93b1f77e6", "size": 68, "sheet": "", "as_of_date": "2023-06-27", "as_of_dates": ["2023-06-27"], "rows_accepted": 1, "rows_refused": 0, "totals": {"eligible": 90000, "recorded": 89138, "unrecorded": 862}, "totals_by_date": [{"date": "2023-06-27", "areas": 1, "eligible": 90000, "recorded": 89138, "unrecorded": 862, "missing": {}}], "parts": [], "areas": 1, "silent": [], "warnings": [], "reason": null, "faults": [], "changes": {"new": 1, "same": 0, "revised": 0}, "evidence": [], "questions": [], "checks": [], "choices": {}, "content_key": "19be33d55395b161652c57df7ed1890a", "layout": ""}');
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
INSERT INTO "batch_total" VALUES(1,'2023-06-20',3,2,16129,16042,87,2,2,2);
INSERT INTO "batch_total" VALUES(2,'2023-06-27',2,1,90000,89138,862,1,1,1);
CREATE TABLE figure (
	area_code VARCHAR(13) NOT NULL, 
	as_of_date DATE NOT NULL, 
	eligible INTEGER, 
	recorded INTEGER, 
	unrecorded INTEGER, 
	printed INTEGER, 
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
	CONSTRAINT printed_within_bounds CHECK (printed BETWEEN 0 AND 400000000), 
	FOREIGN KEY(batch_id) REFERENCES batch (id)
)
 WITHOUT ROWID

;
INSERT INTO "figure" VALUES('75.05','2023-06-27',90000,NULL,862,NULL,NULL,'','reported','',2,'',2);
INSERT INTO "figure" VALUES('75.05.01','2023-06-20',8013,7971,42,7950,NULL,'','reported','',1,'',2);
INSERT INTO "figure" VALUES('75.05.02','2023-06-20',8116,8071,45,8001,NULL,'','reported','',1,'',3);
CREATE TABLE migration (
	version INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	applied_at DATETIME NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "migration" VALUES(1,'originals, batches, figures, retractions','2024-07-01 02:00:00.000000');
INSERT INTO "migration" VALUES(2,'remembered aliases and layouts','2024-07-01 02:00:00.000000');
INSERT INTO "migration" VALUES(3,'saved slides','2024-07-01 02:00:00.000000');
INSERT INTO "migration" VALUES(4,'cards printed','2024-07-01 02:00:00.000000');
CREATE TABLE original (
	sha256 VARCHAR(64) NOT NULL, 
	size BIGINT NOT NULL, 
	packed BLOB NOT NULL, 
	PRIMARY KEY (sha256)
);
INSERT INTO "original" VALUES('596eaeb8b68b4f86bdb83140e3430124f7b36b94114479ac00d3416b2d0db414',134,X'789C55CA410A80300C44D1BD77519268AD92C394DA44298895AAF7B72E1484813F8BE7B37A179228FBC3A5D9893F95758D4B9C56E5AC216551E16BFBEE9EE376AA54D63450864C406D0D7D4DC00360CB76B4C81D951A7815FD14625FE8A34C29607503894F2572');
INSERT INTO "original" VALUES('a24cab18c38c8d9e0e54b6fc732327cdb53464ed91ba8490269f7ce93b1f77e6',68,X'789C0DC1610A80200C06D0FFDEC5180BB5D86164B9CF1024C1EAFEF59E4E682EC3207AE751B3E903416F673B3AE4BD26CA980673292C148489574FD173929D7EB245761F435214FF');
CREATE TABLE remembered_alias (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	scope VARCHAR(13) NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	area_code VARCHAR(13), 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL
);
INSERT INTO "remembered_alias" VALUES(1,'75.05','kwdg','Kwdg','75.05.03','2024-07-01 02:00:00.000000','petugas');
CREATE TABLE remembered_layout (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	fingerprint TEXT NOT NULL, 
	choices TEXT, 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL
);
CREATE TABLE retraction (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	batch_id INTEGER NOT NULL, 
	kind VARCHAR(8) NOT NULL CONSTRAINT kind_is_known CHECK (kind IN ('retract', 'restore')), 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	FOREIGN KEY(batch_id) REFERENCES batch (id)
);
INSERT INTO "retraction" VALUES(1,2,'retract','2024-07-03 02:00:00.000000','petugas','salah tanggal');
CREATE TABLE saved_deck (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	area VARCHAR(13) NOT NULL, 
	sample BOOLEAN NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	slides TEXT, 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL
);
INSERT INTO "saved_deck" VALUES(1,'75.05',0,'rapat','Rapat','[{"key": "map", "shown": true, "title": "Peta", "notes": ""}]','2024-07-01 02:00:00.000000','petugas');
CREATE INDEX remembered_alias_last ON remembered_alias (scope, "key", id);
CREATE INDEX ix_remembered_layout_fingerprint ON remembered_layout (fingerprint);
CREATE INDEX saved_deck_last ON saved_deck (area, sample, "key", id);
CREATE INDEX ix_figure_batch_id ON figure (batch_id);
CREATE INDEX ix_retraction_batch_id ON retraction (batch_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('batch',2);
INSERT INTO "sqlite_sequence" VALUES('retraction',1);
INSERT INTO "sqlite_sequence" VALUES('remembered_alias',1);
INSERT INTO "sqlite_sequence" VALUES('saved_deck',1);
COMMIT;
