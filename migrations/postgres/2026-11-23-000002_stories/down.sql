DROP TABLE commentaries;
DROP TABLE story_urls;
DROP TABLE stories;
