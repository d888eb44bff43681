-- A store of schema version 7, as SQLite wrote it out (.dump). It never changes: every later version must open it.
BEGIN TRANSACTION;
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
INSERT INTO "aim" VALUES(1,'75.05','zero','2024-11-27','sebelum Pilkada','2024-07-08 02:00:00.000000','petugas','2024-07-08 02:00:00.000000','petugas');
INSERT INTO "aim" VALUES(2,'75.05',NULL,'2024-11-27','sebelum Pilkada','2024-07-08 02:00:00.000000','petugas','2024-07-09 02:00:00.000000','petugas');
INSERT INTO "aim" VALUES(3,'75.05','zero','2024-11-27','sebelum Pilkada','2024-07-08 02:00:00.000000','petugas','2024-07-10 02:00:00.000000','petugas');
INSERT INTO "aim" VALUES(4,'75.05.01','zero','2024-12-31','akhir tahun','2024-07-20 02:00:00.000000','petugas','2024-07-20 02:00:00.000000','petugas');
CREATE TABLE alert_event (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind TEXT NOT NULL, 
	area VARCHAR(13) NOT NULL, 
	"key" TEXT NOT NULL, 
	event VARCHAR(8) NOT NULL CONSTRAINT event_is_known CHECK (event IN ('raised', 'seen', 'closed', 'reopened')), 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	detail TEXT NOT NULL
);
INSERT INTO "alert_event" VALUES(1,'stall','75.05','a','raised','2024-07-23 03:00:00.000000','petugas','','{}');
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
INSERT INTO "batch" VALUES(1,'37f02d0b7126924b67577efb87c1e60e3edc202f5d4a1f965dbb6bb9d6d65275','3c26220ff295287f392639fc002d2b1f66c18450dcb8cc652fdeeb74c200961d','rekap.csv','petugas','2024-07-01 02:00:00.000000','{"columns": {"eligible": "wajib ktp", "recorded": "sudah rekam", "printed": "cetak"}, "level": "kecamatan"}','{"status": "accepted", "file": "rekap.csv", "sha256": "37f02d0b7126924b67577efb87c1e60e3edc202f5d4a1f965dbb6bb9d6d65275", "size": 115, "sheet": "", "as_of_date": "2023-06-20", "as_of_dates": ["2023-06-20"], "rows_accepted": 2, "rows_refused": 0, "totals": {"eligible": 16129, "recorded": 16042, "unrecorded": 87}, "totals_by_date": [{"date": "2023-06-20", "areas": 2, "eligible": 16129, "recorded": 16042, "unrecorded": 87, "missing": {}}], "parts": [], "areas": 2, "silent": ["75.05.03", "75.05.04", "75.05.05", "75.05.06", "75.05.07", "75.05.08", "75.05.09", "75.05.10", "75.05.11"], "warnings": [], "reason": null, "faults": [], "changes": {"new": 2, "same": 0, "revised": 0}, "evidence": [{"topic": "sheet", "choice": "the only table", "reasons": []}, {"topic": "header", "choice": "rows 1", "reasons": []}, {"topic": "columns", "choice": "eligible: wajib ktp", "reasons": []}, {"topic": "columns", "choice": "recorded: sudah rekam", "reasons": []}, {"topic": "columns", "choice": "cards printed: cetak", "reasons": []}, {"topic": "date", "choice": "each row says its day (column per tanggal)", "reasons": []}, {"topic": "areas", "choice": "by code", "reasons": []}], "questions": [], "checks": [], "choices": {"columns": {"eligible": "wajib ktp", "recorded": "sudah rekam", "printed": "cetak"}, "level": "kecamatan"}, "content_key": "e3cb3437d60e79a891ae9abec894558b", "layout": "b46e8839e37efa63"}');
INSERT INTO "batch" VALUES(2,'dbe4fb52caf4ce869844757b2ac804706a3d0c0a2711e2ea194d2bbbf49c3e5d','f3d55abdcb42806a17284d71ca45483c04699b2816591bdc275f70e73348c08d','juni.csv','petugas','2024-07-02 02:00:00.000000','{}','{"status": "accepted", "file": "juni.csv", "sha256": "dbe4fb52caf4ce869844757b2ac804706a3d0c0a2711e2ea194d2bbbf49c3e5d", "size": 66, "sheet": "", "as_of_date": "2023-06-27", "as_of_dates": ["2023-06-27"], "rows_accepted": 1, "rows_refused": 0, "totals": {"eligible": 90000, "recorded": 89138, "unrecorded": 862}, "totals_by_date": [{"date": "2023-06-27", "areas": 1, "eligible": 90000, "recorded": 89138, "unrecorded": 862, "missing": {}}], "parts": [], "areas": 1, "silent": [], "warnings": [], "reason": null, "faults": [], "changes": {"new": 1, "same": 0, "revised": 0}, "evidence": [], "questions": [], "checks": [], "choices": {}, "content_key": "19be33d55395b161652c57df7ed1890a", "layout": ""}');
INSERT INTO "batch" VALUES(3,'415c358464b0ec9933d753304aade280335b556b07bbce6e1486a419977bef69','344008124460ca960cfea736e3a26849912d2548165a97b458e41d3b210ecb56','juli.csv','petugas','2024-07-03 02:00:00.000000','{}','{"status": "accepted", "file": "juli.csv", "sha256": "415c358464b0ec9933d753304aade280335b556b07bbce6e1486a419977bef69", "size": 66, "sheet": "", "as_of_date": "2023-07-04", "as_of_dates": ["2023-07-04"], "rows_accepted": 1, "rows_refused": 0, "totals": {"eligible": 90000, "recorded": 89199, "unrecorded": 801}, "totals_by_date": [{"date": "2023-07-04", "areas": 1, "eligible": 90000, "recorded": 89199, "unrecorded": 801, "missing": {}}], "parts": [], "areas": 1, "silent": [], "warnings": [], "reason": null, "faults": [], "changes": {"new": 1, "same": 0, "revised": 0}, "evidence": [], "questions": [], "checks": [], "choices": {}, "content_key": "756f0816aa190ca4fb4bbbc725db2d99", "layout": ""}');
INSERT INTO "batch" VALUES(4,'b9f60a5db1024289817ad7c7cdcf88d5e9594424591c6e12375c563a26a2b472','5fcba544036884df879480cfe4fdb427907bbe92e339b7af0f970333839cd149','koreksi.csv','petugas','2024-06-30 02:00:00.000000','{"columns": {"eligible": "wajib ktp", "recorded": "sudah rekam", "printed": "cetak"}, "level": "kecamatan"}','{"status": "accepted", "file": "koreksi.csv", "sha256": "b9f60a5db1024289817ad7c7cdcf88d5e9594424591c6e12375c563a26a2b472", "size": 115, "sheet": "", "as_of_date": "2023-06-20", "as_of_dates": ["2023-06-20"], "rows_accepted": 2, "rows_refused": 0, "totals": {"eligible": 16129, "recorded": 16046, "unrecorded": 83}, "totals_by_date": [{"date": "2023-06-20", "areas": 2, "eligible": 16129, "recorded": 16046, "unrecorded": 83, "missing": {}}], "parts": [], "areas": 2, "silent": ["75.05.03", "75.05.04", "75.05.05", "75.05.06", "75.05.07", "75.05.08", "75.05.09", "75.05.10", "75.05.11"], "warnings": [], "reason": null, "faults": [], "changes": {"new": 2, "same": 0, "revised": 0}, "evidence": [{"topic": "sheet", "choice": "the only table", "reasons": []}, {"topic": "header", "choice": "rows 1", "reasons": []}, {"topic": "columns", "choice": "eligible: wajib ktp", "reasons": []}, {"topic": "columns", "choice": "recorded: sudah rekam", "reasons": []}, {"topic": "columns", "choice": "cards printed: cetak", "reasons": []}, {"topic": "date", "choice": "each row says its day (column per tanggal)", "reasons": []}, {"topic": "areas", "choice": "by code", "reasons": []}], "questions": [], "checks": [], "choices": {"columns": {"eligible": "wajib ktp", "recorded": "sudah rekam", "printed": "cetak"}, "level": "kecamatan"}, "content_key": "e94c2bbf3b3af78c24e3b55697d5ebe6", "layout": "b46e8839e37efa63"}');
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
INSERT INTO "batch_total" VALUES(3,'2023-07-04',2,1,90000,89199,801,1,1,1);
INSERT INTO "batch_total" VALUES(4,'2023-06-20',3,2,16129,16046,83,2,2,2);
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
INSERT INTO "figure" VALUES('75.05','2023-07-04',90000,NULL,801,NULL,NULL,'','reported','',3,'',2);
INSERT INTO "figure" VALUES('75.05.01','2023-06-20',8013,7971,NULL,7950,NULL,'','reported','',1,'',2);
INSERT INTO "figure" VALUES('75.05.01','2023-06-20',8013,7971,NULL,7950,NULL,'','reported','',4,'',2);
INSERT INTO "figure" VALUES('75.05.02','2023-06-20',8116,8071,NULL,8001,NULL,'','reported','',1,'',3);
INSERT INTO "figure" VALUES('75.05.02','2023-06-20',8116,8075,NULL,8001,NULL,'','reported','',4,'',3);
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
INSERT INTO "migration" VALUES(5,'aims and events','2024-07-01 02:00:00.000000');
INSERT INTO "migration" VALUES(6,'trail','2024-07-20 02:00:00.000000');
INSERT INTO "migration" VALUES(7,'visits, alerts and saved plans','2026-11-27 14:03:31.274394');
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
INSERT INTO "occasion" VALUES(1,1,'75.05','2024-11-27','2024-11-27','Pilkada','2024-07-10 02:00:00.000000','petugas','2024-07-10 02:00:00.000000','petugas');
CREATE TABLE original (
	sha256 VARCHAR(64) NOT NULL, 
	size BIGINT NOT NULL, 
	packed BLOB NOT NULL, 
	PRIMARY KEY (sha256)
);
INSERT INTO "original" VALUES('37f02d0b7126924b67577efb87c1e60e3edc202f5d4a1f965dbb6bb9d6d65275',115,X'789C55CAC90D80201040D1BB55D0806606C262A69A51082A2E4431B62F170F263FFFF4D2E103E5708AC27B8CBCD2C3CB3C8854325DB7E7499C21F14663289C1AAB3BA8214990AA05D34A2007A8C8F616EB347C44FE08A2A9AE120780CD0B00291E65');
INSERT INTO "original" VALUES('dbe4fb52caf4ce869844757b2ac804706a3d0c0a2711e2ea194d2bbbf49c3e5d',66,X'789CCBCE4F49B52E482D522849CC4B4F4FCCB12E4FCCCA4C52C82E29B04E4ACD29CD55284ACD4ECCE53237D53330B536323032D63530D33532B7B63400026B0B33232E00F66913A8');
INSERT INTO "original" VALUES('415c358464b0ec9933d753304aade280335b556b07bbce6e1486a419977bef69',66,X'789CCBCE4F49B52E482D522849CC4B4F4FCCB12E4FCCCA4C52C82E29B04E4ACD29CD55284ACD4ECCE53237D53330B536323032D63530D73530B1B63400026B0B03432E00F626139D');
INSERT INTO "original" VALUES('b9f60a5db1024289817ad7c7cdcf88d5e9594424591c6e12375c563a26a2b472',115,X'789C55CA4B0E80200C00D1BDA7E0029AB604D0F43455082AFEA218AF2F1B17269359BDB4FBC0473855962D4659F89179EA55CA075FB797519D21C9CA43C8922A671A28211390AEC1D604DC026A769DC332031FA11F41B4C539530658BD00451E69');
INSERT INTO "original" VALUES('6102955c1bd3b8fbdfa1cceb4f6dbd6d87baa0626cd30ea15fadd68ecce56c82',197,X'789C1D8CE10E83200C84FFEF59CE8511371F8734B44E32040388F1ED576D2E6DAFB97E4C27A808399F59B045F28226B456B0F4E0A562C97BA908A987260C4FABA088CF85D5CD14A28E3DB114475F014565F189949B9BB3DE15438C35778DF1BEC5E0A9893EFC523ED21513D445A4A1E4E3618D1D07330DD6627A3F8DEA851E6254B25B28465C35197CCCBD8D77877DFC01086F425C');
CREATE TABLE plan_scenario (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	area VARCHAR(13) NOT NULL, 
	sample BOOLEAN NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	"plan" TEXT, 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL
);
INSERT INTO "plan_scenario" VALUES(1,'75.05',0,'empat tim','Empat tim','{"teams": 4}','2024-07-23 03:00:00.000000','petugas');
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
INSERT INTO "remembered_alias" VALUES(2,'75.05','kwdg','Kwdg',NULL,'2024-07-11 02:00:00.000000','petugas');
CREATE TABLE remembered_layout (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	fingerprint TEXT NOT NULL, 
	choices TEXT, 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL
);
INSERT INTO "remembered_layout" VALUES(1,'0123abcd','{"level": "kecamatan"}','2024-07-01 02:00:00.000000','petugas');
CREATE TABLE retraction (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	batch_id INTEGER NOT NULL, 
	kind VARCHAR(8) NOT NULL CONSTRAINT kind_is_known CHECK (kind IN ('retract', 'restore')), 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	FOREIGN KEY(batch_id) REFERENCES batch (id)
);
INSERT INTO "retraction" VALUES(1,2,'retract','2024-07-04 02:00:00.000000','petugas','salah tanggal');
INSERT INTO "retraction" VALUES(2,2,'restore','2024-07-05 02:00:00.000000','atasan','ternyata benar');
INSERT INTO "retraction" VALUES(3,3,'retract','2024-07-06 02:00:00.000000','petugas','salah berkas');
INSERT INTO "retraction" VALUES(4,3,'restore','2024-07-20 02:00:00.000000','petugas','benar');
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
INSERT INTO "saved_deck" VALUES(1,'75.05',0,'rapat','Rapat','[{"key": "map", "shown": true, "title": "Peta", "notes": ""}]','2024-07-07 02:00:00.000000','petugas');
CREATE TABLE trail (
	number INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	content TEXT NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "trail" VALUES(1,'batch','2024-06-30 02:00:00.000000','{"choices":"sha256:21b2d69e7eaa8b3000c9aaa6d2fbb255c42a52d92a5798adb3789a90383a3d72","figures_sha256":"5fcba544036884df879480cfe4fdb427907bbe92e339b7af0f970333839cd149","id":4,"name":"koreksi.csv","received_at":"2024-06-30T02:00:00.000000+00:00","report":"sha256:64cd54170e806fab27755deeb61a4bfef388e09533efd0db87486c7476431758","sha256":"b9f60a5db1024289817ad7c7cdcf88d5e9594424591c6e12375c563a26a2b472","uploader":"petugas"}','4c98d9fb28d2d37632b097de0619d239e23e3b2e8786e8c350046dd838f04b68');
INSERT INTO "trail" VALUES(2,'batch','2024-07-01 02:00:00.000000','{"choices":"sha256:21b2d69e7eaa8b3000c9aaa6d2fbb255c42a52d92a5798adb3789a90383a3d72","figures_sha256":"3c26220ff295287f392639fc002d2b1f66c18450dcb8cc652fdeeb74c200961d","id":1,"name":"rekap.csv","received_at":"2024-07-01T02:00:00.000000+00:00","report":"sha256:e631d01607d62408be1de95681f3135b73faac2ff7d2c8b4a810116a53de7312","sha256":"37f02d0b7126924b67577efb87c1e60e3edc202f5d4a1f965dbb6bb9d6d65275","uploader":"petugas"}','737854f35d450ebce517c89f73cc2b4b565be4131517f562a1aacc2dfe92b609');
INSERT INTO "trail" VALUES(3,'remembered_alias','2024-07-01 02:00:00.000000','{"area_code":"75.05.03","at":"2024-07-01T02:00:00.000000+00:00","by":"petugas","id":1,"key":"kwdg","name":"Kwdg","scope":"75.05"}','70efe52cf0bd1fdd33ca5fa58a9ef7460af915826f98622aa1c3dcde24fe71b6');
INSERT INTO "trail" VALUES(4,'remembered_layout','2024-07-01 02:00:00.000000','{"at":"2024-07-01T02:00:00.000000+00:00","by":"petugas","choices":"sha256:b6bee25cdcbfc799921c77c9a8f7cbe615ab9e26531319f6415cd32e4a3a594d","fingerprint":"0123abcd","id":1}','3cb9676ad18a28144daf1d56549286745a05f9c81a52b0a5b21535d71805d1b9');
INSERT INTO "trail" VALUES(5,'batch','2024-07-02 02:00:00.000000','{"choices":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","figures_sha256":"f3d55abdcb42806a17284d71ca45483c04699b2816591bdc275f70e73348c08d","id":2,"name":"juni.csv","received_at":"2024-07-02T02:00:00.000000+00:00","report":"sha256:f9f02fef24cec7b96fea5158f5faff1d1ed7a30706e26e129cb7937203b80831","sha256":"dbe4fb52caf4ce869844757b2ac804706a3d0c0a2711e2ea194d2bbbf49c3e5d","uploader":"petugas"}','ab6f544c738987eb0bb7cd935c7aae2847e70722fd8cbc38ef2f339529155a1d');
INSERT INTO "trail" VALUES(6,'batch','2024-07-03 02:00:00.000000','{"choices":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","figures_sha256":"344008124460ca960cfea736e3a26849912d2548165a97b458e41d3b210ecb56","id":3,"name":"juli.csv","received_at":"2024-07-03T02:00:00.000000+00:00","report":"sha256:5f858258a0013e88f5981050976d32e48e82aae9d3175cb4ba77aae6079cc13e","sha256":"415c358464b0ec9933d753304aade280335b556b07bbce6e1486a419977bef69","uploader":"petugas"}','ee2c1ab7164428f6a59e0b856ab430af6f76646ab950d566e561f1d2ea231a9d');
INSERT INTO "trail" VALUES(7,'retraction','2024-07-04 02:00:00.000000','{"at":"2024-07-04T02:00:00.000000+00:00","batch_id":2,"by":"petugas","id":1,"kind":"retract","reason":"salah tanggal"}','3dd28873a9d3cc63788cd82122ce933bf604e0a5c8e4208a8a74c5969c839632');
INSERT INTO "trail" VALUES(8,'retraction','2024-07-05 02:00:00.000000','{"at":"2024-07-05T02:00:00.000000+00:00","batch_id":2,"by":"atasan","id":2,"kind":"restore","reason":"ternyata benar"}','816b0dd20d09d2b99e2d12d03ad1f027871bafe8ff88a181048ed06c86fca41d');
INSERT INTO "trail" VALUES(9,'retraction','2024-07-06 02:00:00.000000','{"at":"2024-07-06T02:00:00.000000+00:00","batch_id":3,"by":"petugas","id":3,"kind":"retract","reason":"salah berkas"}','317da426d7d854bb291bad320b34222b6ce2e231082b891f9caa4b1bbf73e9ea');
INSERT INTO "trail" VALUES(10,'saved_deck','2024-07-07 02:00:00.000000','{"area":"75.05","at":"2024-07-07T02:00:00.000000+00:00","by":"petugas","id":1,"key":"rapat","name":"Rapat","sample":false,"slides":"sha256:d014a5230ed1f7b8c60b60a81094b8a9d0d9604258fdb19cd1f79137dfc7e98c"}','9960a8fec7d93468e9aec1698b1de26bcd42a3967fca7acc83d3676cd4571afa');
INSERT INTO "trail" VALUES(11,'aim','2024-07-08 02:00:00.000000','{"area":"75.05","at":"2024-07-08T02:00:00.000000+00:00","by":"petugas","day":"2024-11-27","id":1,"name":"sebelum Pilkada","set_at":"2024-07-08T02:00:00.000000+00:00","set_by":"petugas","target":"zero"}','c86c1cfef03359ce616f8d31ea71d2623852c6466662e820c82324814dd169d2');
INSERT INTO "trail" VALUES(12,'aim','2024-07-09 02:00:00.000000','{"area":"75.05","at":"2024-07-09T02:00:00.000000+00:00","by":"petugas","day":"2024-11-27","id":2,"name":"sebelum Pilkada","set_at":"2024-07-08T02:00:00.000000+00:00","set_by":"petugas","target":null}','67ce91032d87c18dde2a310b5cfd0828ece852886201102bcfdc3fd35442fd48');
INSERT INTO "trail" VALUES(13,'aim','2024-07-10 02:00:00.000000','{"area":"75.05","at":"2024-07-10T02:00:00.000000+00:00","by":"petugas","day":"2024-11-27","id":3,"name":"sebelum Pilkada","set_at":"2024-07-08T02:00:00.000000+00:00","set_by":"petugas","target":"zero"}','79e0bad486aa7057a364d5a7f5e82eb2233995c0f80fdd43f20fa2a4787984ce');
INSERT INTO "trail" VALUES(14,'occasion','2024-07-10 02:00:00.000000','{"area":"75.05","at":"2024-07-10T02:00:00.000000+00:00","by":"petugas","first":"2024-11-27","id":1,"last":"2024-11-27","name":"Pilkada","number":1,"set_at":"2024-07-10T02:00:00.000000+00:00","set_by":"petugas"}','16385ac44fca2bb510e4187021e9fff7f321375c9892bf7183f7e5f376c36439');
INSERT INTO "trail" VALUES(15,'remembered_alias','2024-07-11 02:00:00.000000','{"area_code":null,"at":"2024-07-11T02:00:00.000000+00:00","by":"petugas","id":2,"key":"kwdg","name":"Kwdg","scope":"75.05"}','596c76fe749034ddf0803d2d71c9dc3f659469c9dc26e5b0b0836f5a22f16015');
INSERT INTO "trail" VALUES(16,'retraction','2024-07-20 02:00:00.000000','{"at":"2024-07-20T02:00:00.000000+00:00","batch_id":3,"by":"petugas","id":4,"kind":"restore","reason":"benar"}','b6098b638076f06a09a5e84df8d376949563b72996ef53f75a8c069755f98c90');
INSERT INTO "trail" VALUES(17,'setting','2024-07-20 02:00:00.000000','{"area":"75.05","by":"petugas"}','e07e147742e081217e78d8a4d21f8b1049b183c57a263fe907b57494accabfbf');
INSERT INTO "trail" VALUES(18,'aim','2024-07-20 02:00:00.000000','{"area":"75.05.01","at":"2024-07-20T02:00:00.000000+00:00","by":"petugas","day":"2024-12-31","id":4,"name":"akhir tahun","set_at":"2024-07-20T02:00:00.000000+00:00","set_by":"petugas","target":"zero"}','6f6146261a70fd6b6fd14de716f1e06c784a33824a9fce0252ec4906022d0a0a');
INSERT INTO "trail" VALUES(19,'visit_batch','2024-07-23 03:00:00.000000','{"choices":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","id":1,"name":"kunjungan.csv","received_at":"2024-07-23T03:00:00.000000+00:00","report":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","sha256":"6102955c1bd3b8fbdfa1cceb4f6dbd6d87baa0626cd30ea15fadd68ecce56c82","uploader":"petugas","visits_sha256":"3d3ca6ff1cee7ec399a5c22c4e2dbd7b97b40b246ebbb030e3e96fd3ba9dee3c"}','8ede03ae481f9c9463877d4920ec15d9dc836cec9b7edba58be2ee8d376769bf');
INSERT INTO "trail" VALUES(20,'plan_scenario','2024-07-23 03:00:00.000000','{"area":"75.05","at":"2024-07-23T03:00:00.000000+00:00","by":"petugas","id":1,"key":"empat tim","name":"Empat tim","plan":"sha256:6721e28c9a5e35b5b8c859e57e903c401a921eec992e3c6f825ada19c2cb8593","sample":false}','0d839c374ef045c7ac604319d7550670f9d60852bfe823c5567024080bf93c47');
INSERT INTO "trail" VALUES(21,'alert_event','2024-07-23 03:00:00.000000','{"area":"75.05","at":"2024-07-23T03:00:00.000000+00:00","by":"petugas","detail":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","event":"raised","id":1,"key":"a","kind":"stall","reason":""}','a104b62bbbe509a770756c8e66923c1913e18ff73981dc13981d0c9045acc031');
CREATE TABLE visit (
	batch_id INTEGER NOT NULL, 
	sheet TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	day DATE NOT NULL, 
	area_code VARCHAR(13) NOT NULL, 
	place TEXT NOT NULL, 
	teams INTEGER, 
	devices INTEGER, 
	hours INTEGER, 
	invited INTEGER, 
	came INTEGER, 
	recorded INTEGER, 
	failed INTEGER, 
	under_age INTEGER, 
	already INTEGER, 
	not_found INTEGER, 
	dead INTEGER, 
	moved INTEGER, 
	duplicate INTEGER, 
	unknown INTEGER, 
	note TEXT NOT NULL, 
	PRIMARY KEY (batch_id, sheet, "row"), 
	CONSTRAINT teams_within_bounds CHECK (teams BETWEEN 1 AND 1000), 
	CONSTRAINT devices_within_bounds CHECK (devices BETWEEN 0 AND 5000), 
	CONSTRAINT hours_within_bounds CHECK (hours BETWEEN 0 AND 24), 
	CONSTRAINT invited_within_bounds CHECK (invited BETWEEN 0 AND 100000), 
	CONSTRAINT came_within_bounds CHECK (came BETWEEN 0 AND 100000), 
	CONSTRAINT recorded_within_bounds CHECK (recorded BETWEEN 0 AND 100000), 
	CONSTRAINT failed_within_bounds CHECK (failed BETWEEN 0 AND 100000), 
	CONSTRAINT under_age_within_bounds CHECK (under_age BETWEEN 0 AND 100000), 
	CONSTRAINT already_within_bounds CHECK (already BETWEEN 0 AND 100000), 
	CONSTRAINT not_found_within_bounds CHECK (not_found BETWEEN 0 AND 100000), 
	CONSTRAINT dead_within_bounds CHECK (dead BETWEEN 0 AND 100000), 
	CONSTRAINT moved_within_bounds CHECK (moved BETWEEN 0 AND 100000), 
	CONSTRAINT duplicate_within_bounds CHECK (duplicate BETWEEN 0 AND 100000), 
	CONSTRAINT unknown_within_bounds CHECK (unknown BETWEEN 0 AND 100000), 
	FOREIGN KEY(batch_id) REFERENCES visit_batch (id)
)
 WITHOUT ROWID

;
INSERT INTO "visit" VALUES(1,'',2,'2024-07-22','75.05.01','village_hall',NULL,NULL,NULL,NULL,70,60,NULL,NULL,NULL,NULL,4,NULL,NULL,NULL,'');
CREATE TABLE visit_batch (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	sha256 VARCHAR(64) NOT NULL, 
	visits_sha256 VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	uploader TEXT NOT NULL, 
	received_at DATETIME NOT NULL, 
	choices TEXT NOT NULL, 
	report TEXT NOT NULL, 
	CONSTRAINT one_visit_batch_per_reading UNIQUE (sha256, visits_sha256), 
	FOREIGN KEY(sha256) REFERENCES original (sha256)
);
INSERT INTO "visit_batch" VALUES(1,'6102955c1bd3b8fbdfa1cceb4f6dbd6d87baa0626cd30ea15fadd68ecce56c82','3d3ca6ff1cee7ec399a5c22c4e2dbd7b97b40b246ebbb030e3e96fd3ba9dee3c','kunjungan.csv','petugas','2024-07-23 03:00:00.000000','{}','{}');
CREATE TABLE visit_retraction (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	batch_id INTEGER NOT NULL, 
	kind VARCHAR(8) NOT NULL CONSTRAINT kind_is_known CHECK (kind IN ('retract', 'restore')), 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	FOREIGN KEY(batch_id) REFERENCES visit_batch (id)
);
CREATE INDEX remembered_alias_last ON remembered_alias (scope, "key", id);
CREATE INDEX ix_remembered_layout_fingerprint ON remembered_layout (fingerprint);
CREATE INDEX saved_deck_last ON saved_deck (area, sample, "key", id);
CREATE INDEX aim_last ON aim (area, id);
CREATE INDEX ix_occasion_number ON occasion (number);
CREATE INDEX ix_figure_batch_id ON figure (batch_id);
CREATE INDEX ix_retraction_batch_id ON retraction (batch_id);
CREATE INDEX visit_of_area ON visit (area_code, day);
CREATE INDEX ix_visit_retraction_batch_id ON visit_retraction (batch_id);
CREATE INDEX ix_alert_event_key ON alert_event ("key");
CREATE INDEX plan_scenario_last ON plan_scenario (area, sample, "key", id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('remembered_alias',2);
INSERT INTO "sqlite_sequence" VALUES('remembered_layout',1);
INSERT INTO "sqlite_sequence" VALUES('batch',4);
INSERT INTO "sqlite_sequence" VALUES('retraction',4);
INSERT INTO "sqlite_sequence" VALUES('saved_deck',1);
INSERT INTO "sqlite_sequence" VALUES('aim',4);
INSERT INTO "sqlite_sequence" VALUES('occasion',1);
INSERT INTO "sqlite_sequence" VALUES('visit_batch',1);
INSERT INTO "sqlite_sequence" VALUES('plan_scenario',1);
INSERT INTO "sqlite_sequence" VALUES('alert_event',1);
COMMIT;
