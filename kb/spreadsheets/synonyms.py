"""What other people call our columns, in nine languages: one table, compared without case, accents and punctuation.

A word stands under a column only where it can mean nothing else on that sheet. What is ambiguous is left out: a column
that stays unmapped is shown to the editor, one that is mapped wrongly is not.
"""

from __future__ import annotations

#: Column → words, on every sheet that has the column. English, German, French, Spanish, Portuguese, Russian, Japanese,
#: Chinese, Korean.
ANYWHERE: dict[str, str] = {
    "key": "slug, record key, schlüssel, clé, clave, chave, ключ, キー, 键, 키",
    "uid": "row uid",
    "name": "full name, display name, nom, nombre, nome, имя, название, наименование, 名前, 名称, 氏名, 姓名, 이름, 명칭",
    "native_name": "original name, name in original language, originalname, nom original, nombre original, nome original, "
    "оригинальное имя, 現地名, 原名, 原语名称, 원어 이름",
    "wikidata": "wikidata id, wikidata qid, qid, wikidata item, ウィキデータ, 维基数据, 위키데이터",
    "geonames": "geonames id, geonameid, geoname id",
    "url": "uri, web address, website, web page address, webadresse, adresse web, sitio web, página web, "
    "endereço web, ссылка, адрес сайта, ウェブサイト, リンク, 网址, 链接, 웹사이트, 링크, title uri",
    "note": "notes, remark, remarks, editor note, anmerkung, anmerkungen, bemerkung, bemerkungen, remarque, remarques, "
    "nota, notas, observaciones, observações, примечание, примечания, 備考, 備註, 备注, 비고",
    "language": "lang, language code, sprache, langue, idioma, língua, lingua, язык, 言語, 语言, 語言, 언어",
    "latitude": "lat, breite, breitengrad, geografische breite, latitud, широта, 緯度, 纬度, 위도",
    "longitude": "lon, lng, long, länge, längengrad, geografische länge, longitud, долгота, 経度, 经度, 經度, 경도",
    "geometry": "geojson, geometrie, géométrie, geometría, geometria, геометрия",
    "time_zone": "timezone, tz, zeitzone, fuseau horaire, zona horaria, fuso horário, часовой пояс, タイムゾーン, 时区, 시간대",
    "source": "source key, quelle, fuente, fonte, источник, 出典, 来源, 來源, 출처",
    "locator": "page or paragraph, fundstelle, emplacement, ubicación en la fuente, localização, место в источнике, "
    "該当箇所, 位置, 위치",
    "quote": "quotation, verbatim, exact words, verbatim quote, zitat, wortlaut, citation exacte, citation, cita, "
    "cita textual, citação, цитата, 引用, 引用文, 引文, 인용, 인용문",
    "translation": "quote translation, übersetzung, traduction, traducción, tradução, перевод, 翻訳, 翻译, 번역",
    "claimants": "claimant, claimed by, speaker, said by, urheber der aussage, auteur de l affirmation, orador, "
    "кто утверждает, 発言者, 发言人, 발언자",
    "topics": "topic, subjects, tags, themen, thema, sujets, thèmes, temas, tema, темы, тема, トピック, 主题, 주제",
    "events": "event, ereignisse, ereignis, événement, événements, evento, eventos, событие, события, 出来事, 事件, 사건",
    "participants": "participant, teilnehmer, beteiligte, participantes, участники, 参加者, 参与者, 참가자",
    "part_of": "part of, partof, within place, teil von, fait partie de, parte de, часть, 属する, 所属, 소속",
    "isbn": "isbn 10, isbn 13, isbn10, isbn13",
    "doi": "digital object identifier",
    "reviewer": "fact checker, factchecker, fact checking organisation, reviewed by, prüfer, vérificateur, verificador, "
    "проверяющий, 検証者, 核查机构, 팩트체커",
    "rating_text": "rating, verdict, textual rating, alternatename, alternativename, alternate name, truth rating, "
    "truthfulness, truth o meter, bewertung, urteil, évaluation, calificación, veredicto, classificação, вердикт, оценка, "
    "評価, 判定, 评级, 结论, 판정",
    "rating_value": "ratingvalue, numeric rating, rating number",
    "best": "bestrating, best rating",
    "worst": "worstrating, worst rating",
    "attribute": "merkmal, attribut, atributo, атрибут, 属性, 속성",
    "qualifier": "zusatz, qualificatif, calificador, qualificador, уточнение",
    "unit": "units, einheit, unité, unidad, unidade, единица, единица измерения, 単位, 单位, 단위",
    "certainty": "confidence, sicherheit, certitude, certeza, достоверность, 確実性, 确定性, 확실성",
    "raised_by": "challenger, challenged by, complainant",
    "prefix": "words before",
    "suffix": "words after",
}

#: The same for one sheet alone.
ON: dict[str, dict[str, str]] = {
    "agents": {
        "name": "agent, person, author, organisation, organization, speaker, autor, auteur, автор, 著者, 作者, 저자, "
        "person or organisation",
        "kind": "agent kind, agent type, type of agent, type, art, тип, 種類, 类型, 종류",
    },
    "topics": {"name": "topic, tag, subject, thema, sujet, tema, тема, トピック, 主题, 주제"},
    "sources": {
        "type": "source type, item type, itemtype, publication type, type of source, type of document, art der quelle, "
        "type de document, tipo de fuente, tipo de fonte, тип источника, 資料種別, 文献类型, 자료 유형",
        "title": "headline, article title, source title, titel, überschrift, titre, título, titulo, manchete, "
        "заголовок, 題名, タイトル, 見出し, 标题, 標題, 제목",
        "authors": "author, author names, by line, byline, creator, creators, autor, autoren, verfasser, auteur, auteurs, "
        "autores, autora, автор, авторы, 著者, 作者, 저자",
        "container_title": "publication, publication title, journal, newspaper, magazine, site name, zeitschrift, "
        "zeitung, revue, journal name, revista, periódico, jornal, журнал, газета, издание, 掲載誌, 雑誌名, 期刊, 刊物, 잡지",
        "publisher": "publishing house, verlag, éditeur, editora, издатель, издательство, 出版社, 出版者, 출판사",
        "issued": "date, published, published date, publication date, date published, datepublished, pub date, "
        "publication year, year, datum, erscheinungsdatum, veröffentlicht am, veröffentlichungsdatum, erschienen, erschienen am, date de publication, fecha, "
        "fecha de publicación, data, data de publicação, дата, дата публикации, 発行日, 公開日, 日付, 出版日期, 发布日期, "
        "日期, 발행일, 날짜",
        "accessed": "access date, accessed on, date accessed, abgerufen, abgerufen am, consulté le, fecha de acceso, "
        "data de acesso, дата обращения, 閲覧日, 访问日期, 접속일",
        "archived_url": "archive url, archived at, archiveurl, wayback url",
        "url": "link, source url, article url, enlace, lien, 原文链接",
        "volume": "vol, band, tome, volumen, том, 巻, 卷, 권",
        "issue": "issue number, heft, numéro, número, выпуск, 号, 期, 호",
        "pages": "page range, seiten, páginas, страницы, стр, ページ, 页码, 쪽",
        "archive": "archiv, library, bibliothek, архив, 所蔵館, 档案馆, 소장처",
        "archive_location": "call number, shelf mark, shelfmark, loc in archive, signatur, cote, signatura, шифр, 請求記号",
        "text": "full text, fulltext, body, article text, article body, content, volltext, texte intégral, texto completo, "
        "полный текст, текст, 本文, 全文, 正文, 본문",
        "in_reply_to": "reply to, in reply to, comment on, antwort auf, en réponse à",
    },
    "contributions": {
        "agent": "name, person, contributor",
        "role": "rolle, rôle, rol, papel, роль, 役割, 角色, 역할",
        "order": "position, sequence, reihenfolge, ordre, orden, ordem, порядок, 順序, 顺序, 순서",
    },
    "places": {
        "name": "place, place name, placename, toponym, title, ortsname, ort, toponyme, lieu, topónimo, lugar, топоним, "
        "место, название, 地名, 場所, 名称, 地点, 지명, 장소",
        "names": "other names, alternate names, alternatenames, alternative names, variants, name variants, weitere namen, "
        "autres noms, otros nombres, outros nomes, другие названия, 別名, 别名, 다른 이름",
        "kind": "place type, place kind, feature type, type of place, ortstyp, type de lieu, tipo de lugar, тип места, "
        "種別, 地点类型, 장소 유형",
        "note": "description, beschreibung, descripción, descrição, описание, 説明, 描述, 설명",
    },
    "place_names": {
        "place": "place key, ort, lieu, lugar, место, 場所, 地点, 장소",
        "text": "name, toponym, place name, ortsname, toponyme, nombre, nome, топоним, название, 地名, 名称, 지명",
        "kind": "name type, name kind",
        "used_by": "used by",
        "when": "date, dates, period, from when, zeitraum, période, periodo, período, период, 時期, 期间, 기간",
        "romanisation_of": "romanization of, transliteration of",
    },
    "place_statuses": {
        "place": "place key, ort, lieu, lugar, место, 場所, 地点, 장소",
        "agent": "state, country, party, staat, état, estado, государство, 国, 国家, 국가",
        "relation": "status, relationship",
        "when": "date, dates, period, zeitraum, période, periodo, período, период, 時期, 期间, 기간",
    },
    "events": {
        "title": "event, event name, name, headline, ereignis, titel, événement, titre, evento, título, событие, "
        "название, 出来事, タイトル, 事件, 标题, 사건, 제목",
        "when": "date, event date, when, datum, fecha, data, дата, 日付, 日期, 날짜",
        "places": "place, location, locations, ort, orte, lieu, lieux, lugar, lugares, место, места, 場所, 地点, 장소",
        "participants": "actors, parties",
    },
    "claims": {
        "statement": "claim, claim text, claimed, claim reviewed, claimreviewed, claim statement, assertion, proposition, "
        "behauptung, aussage, affirmation, allégation, afirmación, afirmação, alegação, утверждение, заявление, 主張, 言説, "
        "主张, 声明, 陈述, 주장, 진술",
        "kind": "claim type, claim kind, type of claim, art der behauptung, type d affirmation, tipo de afirmación, "
        "тип утверждения, 主張の種類, 主张类型, 주장 유형",
        "places": "place, location, locations, ort, orte, lieu, lieux, lugar, lugares, место, места, 場所, 地点, 장소",
        "reviewed": "review date, date reviewed, datereviewed, date of review",
        "review_source": "review url, reviewurl, fact check url, factcheck url, fact check link, factcheck link",
        "source": "claim source, source title, source url, claim url",
        "claimants": "author of claim, claim author, claim speaker",
        "rationale": "justification",
        "proposed_rating": "our rating, proposed rating",
        "value": "wert, valeur, valor, значение, 値, 数值, 값",
    },
    "appearances": {
        "claim": "claim key, statement, behauptung, affirmation, afirmación, afirmação, утверждение, 主張, 主张, 주장"
    },
    "values": {
        "claim": "claim key, statement, behauptung, affirmation, afirmación, afirmação, утверждение, 主張, 主张, 주장",
        "value": "stated value, wert, valeur, valor, значение, 値, 数值, 값",
        "raw": "raw text, as stated",
        "as_of": "as of, as of date",
    },
    "evidence": {
        "claim": "claim key, statement, behauptung, affirmation, afirmación, afirmação, утверждение, 主張, 主张, 주장",
        "relation": "evidence relation, bears on",
    },
    "reviews": {
        "claim": "claim key, statement, claim reviewed, claimreviewed, behauptung, affirmation, afirmación, afirmação, "
        "утверждение, 主張, 主张, 주장",
        "source": "review url, url",
        "when": "date, date published, datepublished, review date, datum, fecha, data, дата, 日付, 日期, 날짜",
    },
    "rebuttals": {
        "claim": "claim key",
        "text": "rebuttal, challenge, objection, einwand, objection text, objeción, objeção, возражение, 反論, 反驳, 반론",
        "proposed": "proposed text, should read, suggested correction",
        "counterclaims": "counter claims",
    },
}

#: Sheets by what else they are called.
SHEETS: dict[str, str] = {
    "agents": "agent, people, persons, organisations, organizations, authors, personen, personnes, personas, 人物",
    "topics": "topic, tags, subjects, themen, temas, темы, トピック, 主题, 주제",
    "sources": "source, bibliography, references, articles, quellen, fuentes, fontes, источники, 出典, 文献, 来源, 출처",
    "contributions": "contribution, contributors",
    "places": "place, gazetteer, locations, orte, lieux, lugares, места, 場所, 地点, 장소",
    "place_names": "place name, names of places, toponyms, placenames, ortsnamen, 地名, 지명",
    "place_statuses": "place status, statuses",
    "events": "event, ereignisse, événements, eventos, события, 出来事, 事件, 사건",
    "claims": "claim, statements, behauptungen, affirmations, afirmaciones, afirmações, утверждения, 主張, 主张, 주장",
    "appearances": "appearance",
    "values": "stated values",
    "evidence": "belege, preuves, pruebas, provas, доказательства, 証拠, 证据, 증거",
    "reviews": "review, fact checks, factchecks",
    "rebuttals": "rebuttal, challenges, objections, einwände, возражения, 反論, 反驳, 반론",
}


def words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]
