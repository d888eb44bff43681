-- A store of schema version 3, as SQLite wrote it out (.dump). It never changes: every later version must open it.
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
INSERT INTO "batch" VALUES(1,'2773420b166c16308e278923dfd9af4f4d7caf73af8eeda6a7a215aa39fc5dcf','59b4bd1e0cdd05fa4490f9d2f9538e82cd1c26ed65b704bb0656c60192b04890','rekap.csv','petugas','2024-07-01 02:00:00.000000','{"area": "75.05", "date": "2023-06-20", "columns": {"eligible": "WAJIB KTP", "recorded": "SUDAH REKAM", "unrecorded": "BELUM REKAM"}, "level": "kecamatan"}','{"status": "accepted", "file": "rekap.csv", "sha256": "2773420b166c16308e278923dfd9af4f4d7caf73af8eeda6a7a215aa39fc5dcf", "size": 192, "sheet": "", "as_of_date": "2023-06-20", "as_of_dates": ["2023-06-20"], "rows_accepted": 2, "rows_refused": 0, "totals": {"eligible": 16129, "recorded": 16042, "unrecorded": 87}, "totals_by_date": [{"date": "2023-06-20", "areas": 2, "eligible": 16129, "recorded": 16042, "unrecorded": 87, "missing": {}}], "areas": 2, "silent": ["75.05.03", "75.05.04", "75.05.05", "75.05.06", "75.05.07", "75.05.08", "75.05.09", "75.05.10", "75.05.11"], "warnings": [], "reason": null, "faults": [], "changes": {"new": 2, "same": 0, "revised": 0}, "evidence": [{"topic": "sheet", "choice": "satu-satunya tabel", "reasons": []}, {"topic": "header", "choice": "baris 4", "reasons": []}, {"topic": "columns", "choice": "wajib KTP: WAJIB KTP", "reasons": ["cocok bila dijumlahkan dengan yang lain pada 2 dari 2 baris"]}, {"topic": "columns", "choice": "sudah rekam: SUDAH REKAM", "reasons": ["cocok bila dijumlahkan dengan yang lain pada 2 dari 2 baris"]}, {"topic": "columns", "choice": "belum rekam: BELUM REKAM", "reasons": ["cocok bila dijumlahkan dengan yang lain pada 2 dari 2 baris"]}, {"topic": "date", "choice": "20 Juni 2023 (judul)", "reasons": []}, {"topic": "areas", "choice": "menurut nama dalam 75.05 Kabupaten Gorontalo Utara", "reasons": []}], "questions": [], "checks": [], "choices": {"area": "75.05", "date": "2023-06-20", "columns": {"eligible": "WAJIB KTP", "recorded": "SUDAH REKAM", "unrecorded": "BELUM REKAM"}, "level": "kecamatan"}, "content_key": "0af814facb1701c4ac0a0c9f2d008f10", "layout": "c8957dffeae879f2"}');
INSERT INTO "batch" VALUES(2,'dbe4fb52caf4ce869844757b2ac804706a3d0c0a2711e2ea194d2bbbf49c3e5d','f3d55abdcb42806a17284d71ca45483c04699b2816591bdc275f70e73348c08d','juni.csv','petugas','2024-07-01 02:00:00.000000','{}','{"status": "accepted", "file": "juni.csv", "sha256": "dbe4fb52caf4ce869844757b2ac804706a3d0c0a2711e2ea194d2bbbf49c3e5d", "size": 66, "sheet": "", "as_of_date": "2023-06-27", "as_of_dates": ["2023-06-27"], "rows_accepted": 1, "rows_refused": 0, "totals": {"eligible": 90000, "recorded": 89138, "unrecorded": 862}, "totals_by_date": [{"date": "2023-06-27", "areas": 1, "eligible": 90000, "recorded": 89138, "unrecorded": 862, "missing": {}}], "areas": 1, "silent": [], "warnings": [], "reason": null, "faults": [], "changes": {"new": 1, "same": 0, "revised": 0}, "evidence": [], "questions": [], "checks": [], "choices": {}, "content_key": "19be33d55395b161652c57df7ed1890a", "layout": ""}');
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
INSERT INTO "figure" VALUES('75.05','2023-06-27',90000,NULL,862,NULL,'','reported','',2,'',2);
INSERT INTO "figure" VALUES('75.05.01','2023-06-20',8013,7971,42,NULL,'','reported','',1,'',5);
INSERT INTO "figure" VALUES('75.05.02','2023-06-20',8116,8071,45,NULL,'','reported','',1,'',6);
CREATE TABLE migration (
	version INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	applied_at DATETIME NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "migration" VALUES(1,'originals, batches, figures, retractions','2024-07-01 02:00:00.000000');
INSERT INTO "migration" VALUES(2,'remembered aliases and layouts','2024-07-01 02:00:00.000000');
INSERT INTO "migration" VALUES(3,'saved slides','2024-07-01 02:00:00.000000');
CREATE TABLE original (
	sha256 VARCHAR(64) NOT NULL, 
	size BIGINT NOT NULL, 
	packed BLOB NOT NULL, 
	PRIMARY KEY (sha256)
);
INSERT INTO "original" VALUES('2773420b166c16308e278923dfd9af4f4d7caf73af8eeda6a7a215aa39fc5dcf',192,X'789C2D8E410E83300C04EF79453E5029A1A550F964C04A21C1895247FCFF2735B4076B571E79D79522165BA8AAEEC876D129C4330946B551CA8D928938B582426C43AE990553B64DB0A2D14BDB39BB355E55BBBB89346B9020C381DB3A9D09F0690BBEED550113A5B6FFFD6F7F7519949543C8096174FE0EC36BF0F0E8549D33F140D6C7028CDE3F959FA857D43BF305C8A43036');
INSERT INTO "original" VALUES('dbe4fb52caf4ce869844757b2ac804706a3d0c0a2711e2ea194d2bbbf49c3e5d',66,X'789CCBCE4F49B52E482D522849CC4B4F4FCCB12E4FCCCA4C52C82E29B04E4ACD29CD55284ACD4ECCE53237D53330B536323032D63530D33532B7B63400026B0B33232E00F66913A8');
CREATE TABLE remembered_alias (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	scope VARCHAR(13) NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	area_code VARCHAR(13), 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL
);
INSERT INTO "remembered_alias" VALUES(1,'75.05','kec. x','Kec. X','75.05.03','2024-07-01 02:00:00.000000','petugas');
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
INSERT INTO "retraction" VALUES(1,2,'retract','2024-07-01 02:00:00.000000','kepala','keliru');
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
INSERT INTO "saved_deck" VALUES(1,'75.05',0,'rapat','Rapat','[{"key": "map", "shown": true, "title": "", "notes": ""}]','2024-07-01 02:00:00.000000','petugas');
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
