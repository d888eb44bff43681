-- A store of schema version 5, as SQLite wrote it out (.dump). It never changes: every later version must open it.
BEGIN TRANSACTION;
CREATE TABLE migration (
	version INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	applied_at DATETIME NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO migration VALUES(1,'originals, batches, figures, retractions','2024-07-01 02:00:00.000000');
INSERT INTO migration VALUES(2,'remembered aliases and layouts','2024-07-01 02:00:00.000000');
INSERT INTO migration VALUES(3,'saved slides','2024-07-01 02:00:00.000000');
INSERT INTO migration VALUES(4,'cards printed','2024-07-01 02:00:00.000000');
INSERT INTO migration VALUES(5,'aims and events','2024-07-01 02:00:00.000000');
CREATE TABLE original (
	sha256 VARCHAR(64) NOT NULL, 
	size BIGINT NOT NULL, 
	packed BLOB NOT NULL, 
	PRIMARY KEY (sha256)
);
INSERT INTO original VALUES('37f02d0b7126924b67577efb87c1e60e3edc202f5d4a1f965dbb6bb9d6d65275',115,X'789c55cac90d80201040d1bb55d0806606c262a69a51082a2e4431b62f170f263ffff4d2e103e5708ac27b8cbcd2c3cb3c8854325db7e7499c21f14663289c1aab3ba8214990aa05d34a2007a8c8f616eb347c44fe08a2a9ae120780cd0b00291e65');
INSERT INTO original VALUES('dbe4fb52caf4ce869844757b2ac804706a3d0c0a2711e2ea194d2bbbf49c3e5d',66,X'789ccbce4f49b52e482d522849cc4b4f4fccb12e4fccca4c52c82e29b04e4acd29cd55284acd4ecce53237d53330b536323032d63530d33532b7b63400026b0b33232e00f66913a8');
INSERT INTO original VALUES('415c358464b0ec9933d753304aade280335b556b07bbce6e1486a419977bef69',66,X'789ccbce4f49b52e482d522849cc4b4f4fccb12e4fccca4c52c82e29b04e4acd29cd55284acd4ecce53237d53330b536323032d63530d73530b1b63400026b0b03432e00f626139d');
INSERT INTO original VALUES('b9f60a5db1024289817ad7c7cdcf88d5e9594424591c6e12375c563a26a2b472',115,X'789c55ca4b0e80200c00d1bda7e0029ab604d0f43455082afea218af2f1b17269359bdb4fbc0473855962d4659f89179ea55ca075fb797519d21c9ca43c8922a671a28211390aec1d604dc026a769dc332031fa11f41b4c539530658bd00451e69');
CREATE TABLE remembered_alias (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	scope VARCHAR(13) NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	area_code VARCHAR(13), 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL
);
INSERT INTO remembered_alias VALUES(1,'75.05','kwdg','Kwdg','75.05.03','2024-07-01 02:00:00.000000','petugas');
INSERT INTO remembered_alias VALUES(2,'75.05','kwdg','Kwdg',NULL,'2024-07-11 02:00:00.000000','petugas');
CREATE TABLE remembered_layout (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	fingerprint TEXT NOT NULL, 
	choices TEXT, 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL
);
INSERT INTO remembered_layout VALUES(1,'0123abcd','{"level": "kecamatan"}','2024-07-01 02:00:00.000000','petugas');
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
INSERT INTO saved_deck VALUES(1,'75.05',0,'rapat','Rapat','[{"key": "map", "shown": true, "title": "Peta", "notes": ""}]','2024-07-07 02:00:00.000000','petugas');
CREATE TABLE aim (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	area VARCHAR(13) NOT NULL, 
	target TEXT, 
	day DATE NOT NULL, 
	name TEXT NOT NULL, 
	set_at DATETIME NOT NULL, 
	set_by TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL
);
INSERT INTO aim VALUES(1,'75.05','zero','2024-11-27','sebelum Pilkada','2024-07-08 02:00:00.000000','petugas','2024-07-08 02:00:00.000000','petugas');
INSERT INTO aim VALUES(2,'75.05',NULL,'2024-11-27','sebelum Pilkada','2024-07-08 02:00:00.000000','petugas','2024-07-09 02:00:00.000000','petugas');
INSERT INTO aim VALUES(3,'75.05','zero','2024-11-27','sebelum Pilkada','2024-07-08 02:00:00.000000','petugas','2024-07-10 02:00:00.000000','petugas');
CREATE TABLE occasion (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	number INTEGER NOT NULL, 
	area VARCHAR(13) NOT NULL, 
	first DATE NOT NULL, 
	last DATE NOT NULL, 
	name TEXT, 
	set_at DATETIME NOT NULL, 
	set_by TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL
);
INSERT INTO occasion VALUES(1,1,'75.05','2024-11-27','2024-11-27','Pilkada','2024-07-10 02:00:00.000000','petugas','2024-07-10 02:00:00.000000','petugas');
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
INSERT INTO batch VALUES(1,'37f02d0b7126924b67577efb87c1e60e3edc202f5d4a1f965dbb6bb9d6d65275','3c26220ff295287f392639fc002d2b1f66c18450dcb8cc652fdeeb74c200961d','rekap.csv','petugas','2024-07-01 02:00:00.000000','{"columns": {"eligible": "wajib ktp", "recorded": "sudah rekam", "printed": "cetak"}, "level": "kecamatan"}','{"status": "accepted", "file": "rekap.csv", "sha256": "37f02d0b7126924b67577efb87c1e60e3edc202f5d4a1f965dbb6bb9d6d65275", "size": 115, "sheet": "", "as_of_date": "2023-06-20", "as_of_dates": ["2023-06-20"], "rows_accepted": 2, "rows_refused": 0, "totals": {"eligible": 16129, "recorded": 16042, "unrecorded": 87}, "totals_by_date": [{"date": "2023-06-20", "areas": 2, "eligible": 16129, "recorded": 16042, "unrecorded": 87, "missing": {}}], "parts": [], "areas": 2, "silent": ["75.05.03", "75.05.04", "75.05.05", "75.05.06", "75.05.07", "75.05.08", "75.05.09", "75.05.10", "75.05.11"], "warnings": [], "reason": null, "faults": [], "changes": {"new": 2, "same": 0, "revised": 0}, "evidence": [{"topic": "sheet", "choice": "the only table", "reasons": []}, {"topic": "header", "choice": "rows 1", "reasons": []}, {"topic": "columns", "choice": "eligible: wajib ktp", "reasons": []}, {"topic": "columns", "choice": "recorded: sudah rekam", "reasons": []}, {"topic": "columns", "choice": "cards printed: cetak", "reasons": []}, {"topic": "date", "choice": "each row says its day (column per tanggal)", "reasons": []}, {"topic": "areas", "choice": "by code", "reasons": []}], "questions": [], "checks": [], "choices": {"columns": {"eligible": "wajib ktp", "recorded": "sudah rekam", "printed": "cetak"}, "level": "kecamatan"}, "content_key": "e3cb3437d60e79a891ae9abec894558b", "layout": "b46e8839e37efa63"}');
INSERT INTO batch VALUES(2,'dbe4fb52caf4ce869844757b2ac804706a3d0c0a2711e2ea194d2bbbf49c3e5d','f3d55abdcb42806a17284d71ca45483c04699b2816591bdc275f70e73348c08d','juni.csv','petugas','2024-07-02 02:00:00.000000','{}','{"status": "accepted", "file": "juni.csv", "sha256": "dbe4fb52caf4ce869844757b2ac804706a3d0c0a2711e2ea194d2bbbf49c3e5d", "size": 66, "sheet": "", "as_of_date": "2023-06-27", "as_of_dates": ["2023-06-27"], "rows_accepted": 1, "rows_refused": 0, "totals": {"eligible": 90000, "recorded": 89138, "unrecorded": 862}, "totals_by_date": [{"date": "2023-06-27", "areas": 1, "eligible": 90000, "recorded": 89138, "unrecorded": 862, "missing": {}}], "parts": [], "areas": 1, "silent": [], "warnings": [], "reason": null, "faults": [], "changes": {"new": 1, "same": 0, "revised": 0}, "evidence": [], "questions": [], "checks": [], "choices": {}, "content_key": "19be33d55395b161652c57df7ed1890a", "layout": ""}');
INSERT INTO batch VALUES(3,'415c358464b0ec9933d753304aade280335b556b07bbce6e1486a419977bef69','344008124460ca960cfea736e3a26849912d2548165a97b458e41d3b210ecb56','juli.csv','petugas','2024-07-03 02:00:00.000000','{}','{"status": "accepted", "file": "juli.csv", "sha256": "415c358464b0ec9933d753304aade280335b556b07bbce6e1486a419977bef69", "size": 66, "sheet": "", "as_of_date": "2023-07-04", "as_of_dates": ["2023-07-04"], "rows_accepted": 1, "rows_refused": 0, "totals": {"eligible": 90000, "recorded": 89199, "unrecorded": 801}, "totals_by_date": [{"date": "2023-07-04", "areas": 1, "eligible": 90000, "recorded": 89199, "unrecorded": 801, "missing": {}}], "parts": [], "areas": 1, "silent": [], "warnings": [], "reason": null, "faults": [], "changes": {"new": 1, "same": 0, "revised": 0}, "evidence": [], "questions": [], "checks": [], "choices": {}, "content_key": "756f0816aa190ca4fb4bbbc725db2d99", "layout": ""}');
INSERT INTO batch VALUES(4,'b9f60a5db1024289817ad7c7cdcf88d5e9594424591c6e12375c563a26a2b472','5fcba544036884df879480cfe4fdb427907bbe92e339b7af0f970333839cd149','koreksi.csv','petugas','2024-06-30 02:00:00.000000','{"columns": {"eligible": "wajib ktp", "recorded": "sudah rekam", "printed": "cetak"}, "level": "kecamatan"}','{"status": "accepted", "file": "koreksi.csv", "sha256": "b9f60a5db1024289817ad7c7cdcf88d5e9594424591c6e12375c563a26a2b472", "size": 115, "sheet": "", "as_of_date": "2023-06-20", "as_of_dates": ["2023-06-20"], "rows_accepted": 2, "rows_refused": 0, "totals": {"eligible": 16129, "recorded": 16046, "unrecorded": 83}, "totals_by_date": [{"date": "2023-06-20", "areas": 2, "eligible": 16129, "recorded": 16046, "unrecorded": 83, "missing": {}}], "parts": [], "areas": 2, "silent": ["75.05.03", "75.05.04", "75.05.05", "75.05.06", "75.05.07", "75.05.08", "75.05.09", "75.05.10", "75.05.11"], "warnings": [], "reason": null, "faults": [], "changes": {"new": 2, "same": 0, "revised": 0}, "evidence": [{"topic": "sheet", "choice": "the only table", "reasons": []}, {"topic": "header", "choice": "rows 1", "reasons": []}, {"topic": "columns", "choice": "eligible: wajib ktp", "reasons": []}, {"topic": "columns", "choice": "recorded: sudah rekam", "reasons": []}, {"topic": "columns", "choice": "cards printed: cetak", "reasons": []}, {"topic": "date", "choice": "each row says its day (column per tanggal)", "reasons": []}, {"topic": "areas", "choice": "by code", "reasons": []}], "questions": [], "checks": [], "choices": {"columns": {"eligible": "wajib ktp", "recorded": "sudah rekam", "printed": "cetak"}, "level": "kecamatan"}, "content_key": "e94c2bbf3b3af78c24e3b55697d5ebe6", "layout": "b46e8839e37efa63"}');
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
INSERT INTO batch_total VALUES(1,'2023-06-20',3,2,16129,16042,87,2,2,2);
INSERT INTO batch_total VALUES(2,'2023-06-27',2,1,90000,89138,862,1,1,1);
INSERT INTO batch_total VALUES(3,'2023-07-04',2,1,90000,89199,801,1,1,1);
INSERT INTO batch_total VALUES(4,'2023-06-20',3,2,16129,16046,83,2,2,2);
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
INSERT INTO figure VALUES('75.05','2023-06-27',90000,NULL,862,NULL,NULL,'','reported','',2,'',2);
INSERT INTO figure VALUES('75.05','2023-07-04',90000,NULL,801,NULL,NULL,'','reported','',3,'',2);
INSERT INTO figure VALUES('75.05.01','2023-06-20',8013,7971,NULL,7950,NULL,'','reported','',1,'',2);
INSERT INTO figure VALUES('75.05.01','2023-06-20',8013,7971,NULL,7950,NULL,'','reported','',4,'',2);
INSERT INTO figure VALUES('75.05.02','2023-06-20',8116,8071,NULL,8001,NULL,'','reported','',1,'',3);
INSERT INTO figure VALUES('75.05.02','2023-06-20',8116,8075,NULL,8001,NULL,'','reported','',4,'',3);
CREATE TABLE retraction (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	batch_id INTEGER NOT NULL, 
	kind VARCHAR(8) NOT NULL CONSTRAINT kind_is_known CHECK (kind IN ('retract', 'restore')), 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	FOREIGN KEY(batch_id) REFERENCES batch (id)
);
INSERT INTO retraction VALUES(1,2,'retract','2024-07-04 02:00:00.000000','petugas','salah tanggal');
INSERT INTO retraction VALUES(2,2,'restore','2024-07-05 02:00:00.000000','atasan','ternyata benar');
INSERT INTO retraction VALUES(3,3,'retract','2024-07-06 02:00:00.000000','petugas','salah berkas');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('remembered_alias',2);
INSERT INTO sqlite_sequence VALUES('remembered_layout',1);
INSERT INTO sqlite_sequence VALUES('batch',4);
INSERT INTO sqlite_sequence VALUES('retraction',3);
INSERT INTO sqlite_sequence VALUES('saved_deck',1);
INSERT INTO sqlite_sequence VALUES('aim',3);
INSERT INTO sqlite_sequence VALUES('occasion',1);
CREATE INDEX remembered_alias_last ON remembered_alias (scope, "key", id);
CREATE INDEX ix_remembered_layout_fingerprint ON remembered_layout (fingerprint);
CREATE INDEX saved_deck_last ON saved_deck (area, sample, "key", id);
CREATE INDEX aim_last ON aim (area, id);
CREATE INDEX ix_occasion_number ON occasion (number);
CREATE INDEX ix_figure_batch_id ON figure (batch_id);
CREATE INDEX ix_retraction_batch_id ON retraction (batch_id);
COMMIT;
